// Generated from html.entities of Python 3.11, which is the table of the HTML standard; upper-case names are left out, for
// prompts are in lower case before anything looks for them. A star marks names that may stand without their semicolon.
const table = String.raw`
*aacute á abreve ă ac ∾ acd ∿ *acirc â *acute ´ acy а *aelig æ af \u{2061} afr 𝔞 *agrave à alefsym ℵ
aleph ℵ alpha α amacr ā amalg ⨿ *amp & and ∧ andand ⩕ andd ⩜ andslope ⩘ andv ⩚ ang ∠ ange ⦤ angle ∠
angmsd ∡ angmsdaa ⦨ angmsdab ⦩ angmsdac ⦪ angmsdad ⦫ angmsdae ⦬ angmsdaf ⦭ angmsdag ⦮ angmsdah ⦯ angrt ∟
angrtvb ⊾ angrtvbd ⦝ angsph ∢ angst Å angzarr ⍼ aogon ą aopf 𝕒 ap ≈ apacir ⩯ ape ≊ apid ≋ apos '
approx ≈ approxeq ≊ *aring å ascr 𝒶 ast * asymp ≈ asympeq ≍ *atilde ã *auml ä awconint ∳ awint ⨑
backcong ≌ backepsilon ϶ backprime ‵ backsim ∽ backsimeq ⋍ barvee ⊽ barwed ⌅ barwedge ⌅ bbrk ⎵
bbrktbrk ⎶ bcong ≌ bcy б bdquo „ becaus ∵ because ∵ bemptyv ⦰ bepsi ϶ bernou ℬ beta β beth ℶ between ≬
bfr 𝔟 bigcap ⋂ bigcirc ◯ bigcup ⋃ bigodot ⨀ bigoplus ⨁ bigotimes ⨂ bigsqcup ⨆ bigstar ★
bigtriangledown ▽ bigtriangleup △ biguplus ⨄ bigvee ⋁ bigwedge ⋀ bkarow ⤍ blacklozenge ⧫ blacksquare ▪
blacktriangle ▴ blacktriangledown ▾ blacktriangleleft ◂ blacktriangleright ▸ blank ␣ blk12 ▒ blk14 ░
blk34 ▓ block █ bne =\u{20e5} bnequiv ≡\u{20e5} bnot ⌐ bopf 𝕓 bot ⊥ bottom ⊥ bowtie ⋈ boxbox ⧉ boxdl ┐
boxdr ┌ boxh ─ boxhd ┬ boxhu ┴ boxminus ⊟ boxplus ⊞ boxtimes ⊠ boxul ┘ boxur └ boxv │ boxvh ┼ boxvl ┤
boxvr ├ bprime ‵ breve ˘ *brvbar ¦ bscr 𝒷 bsemi ⁏ bsim ∽ bsime ⋍ bsol \u{5c} bsolb ⧅ bsolhsub ⟈ bull •
bullet • bump ≎ bumpe ≏ bumpeq ≏ cacute ć cap ∩ capand ⩄ capbrcup ⩉ capcap ⩋ capcup ⩇ capdot ⩀
caps ∩\u{fe00} caret ⁁ caron ˇ ccaps ⩍ ccaron č *ccedil ç ccirc ĉ ccups ⩌ ccupssm ⩐ cdot ċ *cedil ¸
cemptyv ⦲ *cent ¢ centerdot · cfr 𝔠 chcy ч check ✓ checkmark ✓ chi χ cir ○ circ ˆ circeq ≗
circlearrowleft ↺ circlearrowright ↻ circledast ⊛ circledcirc ⊚ circleddash ⊝ cire ≗ cirfnint ⨐ cirmid ⫯
cirscir ⧂ clubs ♣ clubsuit ♣ colon : colone ≔ coloneq ≔ comma , commat @ comp ∁ compfn ∘ complement ∁
complexes ℂ cong ≅ congdot ⩭ conint ∮ copf 𝕔 coprod ∐ *copy © copysr ℗ crarr ↵ cross ✗ cscr 𝒸 csub ⫏
csube ⫑ csup ⫐ csupe ⫒ ctdot ⋯ cudarrl ⤸ cudarrr ⤵ cuepr ⋞ cuesc ⋟ cularr ↶ cularrp ⤽ cup ∪ cupbrcap ⩈
cupcap ⩆ cupcup ⩊ cupdot ⊍ cupor ⩅ cups ∪\u{fe00} curarr ↷ curarrm ⤼ curlyeqprec ⋞ curlyeqsucc ⋟
curlyvee ⋎ curlywedge ⋏ *curren ¤ curvearrowleft ↶ curvearrowright ↷ cuvee ⋎ cuwed ⋏ cwconint ∲ cwint ∱
cylcty ⌭ dagger † daleth ℸ darr ↓ dash ‐ dashv ⊣ dbkarow ⤏ dblac ˝ dcaron ď dcy д dd ⅆ ddagger ‡ ddarr ⇊
ddotseq ⩷ *deg ° delta δ demptyv ⦱ dfisht ⥿ dfr 𝔡 dharl ⇃ dharr ⇂ diam ⋄ diamond ⋄ diamondsuit ♦ diams ♦
die ¨ digamma ϝ disin ⋲ div ÷ *divide ÷ divideontimes ⋇ divonx ⋇ djcy ђ dlcorn ⌞ dlcrop ⌍ dollar \u{24}
dopf 𝕕 dot ˙ doteq ≐ doteqdot ≑ dotminus ∸ dotplus ∔ dotsquare ⊡ doublebarwedge ⌆ downarrow ↓
downdownarrows ⇊ downharpoonleft ⇃ downharpoonright ⇂ drbkarow ⤐ drcorn ⌟ drcrop ⌌ dscr 𝒹 dscy ѕ dsol ⧶
dstrok đ dtdot ⋱ dtri ▿ dtrif ▾ duarr ⇵ duhar ⥯ dwangle ⦦ dzcy џ dzigrarr ⟿ *eacute é easter ⩮ ecaron ě
ecir ≖ *ecirc ê ecolon ≕ ecy э edot ė ee ⅇ efr 𝔢 eg ⪚ *egrave è egs ⪖ egsdot ⪘ el ⪙ elinters ⏧ ell ℓ
els ⪕ elsdot ⪗ emacr ē empty ∅ emptyset ∅ emptyv ∅ emsp \u{2003} emsp13 \u{2004} emsp14 \u{2005} eng ŋ
ensp \u{2002} eogon ę eopf 𝕖 epar ⋕ eparsl ⧣ eplus ⩱ epsi ε epsilon ε epsiv ϵ eqcirc ≖ eqcolon ≕ eqsim ≂
eqslantgtr ⪖ eqslantless ⪕ equals = equest ≟ equiv ≡ eqvparsl ⧥ erarr ⥱ escr ℯ esdot ≐ esim ≂ eta η
*eth ð *euml ë euro € excl ! exist ∃ expectation ℰ exponentiale ⅇ fallingdotseq ≒ fcy ф female ♀
ffilig ﬃ fflig ﬀ ffllig ﬄ ffr 𝔣 filig ﬁ fjlig fj flat ♭ fllig ﬂ fltns ▱ fnof ƒ fopf 𝕗 forall ∀ fork ⋔
forkv ⫙ fpartint ⨍ *frac12 ½ frac13 ⅓ *frac14 ¼ frac15 ⅕ frac16 ⅙ frac18 ⅛ frac23 ⅔ frac25 ⅖ *frac34 ¾
frac35 ⅗ frac38 ⅜ frac45 ⅘ frac56 ⅚ frac58 ⅝ frac78 ⅞ frasl ⁄ frown ⌢ fscr 𝒻 gacute ǵ gamma γ gammad ϝ
gap ⪆ gbreve ğ gcirc ĝ gcy г gdot ġ ge ≥ gel ⋛ geq ≥ geqq ≧ geqslant ⩾ ges ⩾ gescc ⪩ gesdot ⪀ gesdoto ⪂
gesdotol ⪄ gesl ⋛\u{fe00} gesles ⪔ gfr 𝔤 gg ≫ ggg ⋙ gimel ℷ gjcy ѓ gl ≷ gla ⪥ glj ⪤ gnap ⪊ gnapprox ⪊
gne ⪈ gneq ⪈ gneqq ≩ gnsim ⋧ gopf 𝕘 grave \u{60} gscr ℊ gsim ≳ gsime ⪎ gsiml ⪐ *gt > gtcc ⪧ gtcir ⩺
gtdot ⋗ gtquest ⩼ gtrapprox ⪆ gtrarr ⥸ gtrdot ⋗ gtreqless ⋛ gtreqqless ⪌ gtrless ≷ gtrsim ≳
gvertneqq ≩\u{fe00} hairsp \u{200a} half ½ hamilt ℋ hardcy ъ harr ↔ harrcir ⥈ harrw ↭ hbar ℏ hcirc ĥ
hearts ♥ heartsuit ♥ hellip … hercon ⊹ hfr 𝔥 hksearow ⤥ hkswarow ⤦ hoarr ⇿ homtht ∻ hookleftarrow ↩
hookrightarrow ↪ hopf 𝕙 horbar ― hscr 𝒽 hslash ℏ hstrok ħ hybull ⁃ hyphen ‐ *iacute í ic \u{2063}
*icirc î icy и iecy е *iexcl \u{a1} iff ⇔ ifr 𝔦 *igrave ì ii ⅈ iiiint ⨌ iiint ∭ iinfin ⧜ iiota ℩ ijlig ĳ
imacr ī image ℑ imagline ℐ imagpart ℑ imath ı imof ⊷ imped Ƶ in ∈ incare ℅ infin ∞ infintie ⧝ inodot ı
int ∫ intcal ⊺ integers ℤ intercal ⊺ intlarhk ⨗ intprod ⨼ iocy ё iogon į iopf 𝕚 iota ι iprod ⨼ *iquest ¿
iscr 𝒾 isin ∈ isindot ⋵ isins ⋴ isinsv ⋳ isinv ∈ it \u{2062} itilde ĩ iukcy і *iuml ï jcirc ĵ jcy й
jfr 𝔧 jmath ȷ jopf 𝕛 jscr 𝒿 jsercy ј jukcy є kappa κ kappav ϰ kcedil ķ kcy к kfr 𝔨 kgreen ĸ khcy х
kjcy ќ kopf 𝕜 kscr 𝓀 lacute ĺ laemptyv ⦴ lagran ℒ lambda λ lang ⟨ langd ⦑ langle ⟨ lap ⪅ *laquo « larr ←
larrb ⇤ larrbfs ⤟ larrfs ⤝ larrhk ↩ larrlp ↫ larrpl ⤹ larrsim ⥳ larrtl ↢ lat ⪫ latail ⤙ late ⪭
lates ⪭\u{fe00} lbarr ⤌ lbbrk ❲ lbrace { lbrack [ lbrke ⦋ lbrksld ⦏ lbrkslu ⦍ lcaron ľ lcedil ļ lceil ⌈
lcub { lcy л ldca ⤶ ldquo “ ldquor „ ldrdhar ⥧ ldrushar ⥋ ldsh ↲ le ≤ leftarrow ← leftarrowtail ↢
leftharpoondown ↽ leftharpoonup ↼ leftleftarrows ⇇ leftrightarrow ↔ leftrightarrows ⇆
leftrightharpoons ⇋ leftrightsquigarrow ↭ leftthreetimes ⋋ leg ⋚ leq ≤ leqq ≦ leqslant ⩽ les ⩽ lescc ⪨
lesdot ⩿ lesdoto ⪁ lesdotor ⪃ lesg ⋚\u{fe00} lesges ⪓ lessapprox ⪅ lessdot ⋖ lesseqgtr ⋚ lesseqqgtr ⪋
lessgtr ≶ lesssim ≲ lfisht ⥼ lfloor ⌊ lfr 𝔩 lg ≶ lhard ↽ lharu ↼ lharul ⥪ lhblk ▄ ljcy љ ll ≪ llarr ⇇
llcorner ⌞ llhard ⥫ lltri ◺ lmidot ŀ lmoust ⎰ lmoustache ⎰ lnap ⪉ lnapprox ⪉ lne ⪇ lneq ⪇ lneqq ≨
lnsim ⋦ loang ⟬ loarr ⇽ lobrk ⟦ longleftarrow ⟵ longleftrightarrow ⟷ longmapsto ⟼ longrightarrow ⟶
looparrowleft ↫ looparrowright ↬ lopar ⦅ lopf 𝕝 loplus ⨭ lotimes ⨴ lowast ∗ lowbar _ loz ◊ lozenge ◊
lozf ⧫ lpar ( lparlt ⦓ lrarr ⇆ lrcorner ⌟ lrhar ⇋ lrhard ⥭ lrm \u{200e} lrtri ⊿ lsaquo ‹ lscr 𝓁 lsh ↰
lsim ≲ lsime ⪍ lsimg ⪏ lsqb [ lsquo ‘ lsquor ‚ lstrok ł *lt < ltcc ⪦ ltcir ⩹ ltdot ⋖ lthree ⋋ ltimes ⋉
ltlarr ⥶ ltquest ⩻ ltri ◃ ltrie ⊴ ltrif ◂ lurdshar ⥊ luruhar ⥦ lvertneqq ≨\u{fe00} *macr ¯ male ♂ malt ✠
maltese ✠ map ↦ mapsto ↦ mapstodown ↧ mapstoleft ↤ mapstoup ↥ marker ▮ mcomma ⨩ mcy м mdash —
measuredangle ∡ mfr 𝔪 mho ℧ *micro µ mid ∣ midast * midcir ⫰ *middot · minus − minusb ⊟ minusd ∸
minusdu ⨪ mlcp ⫛ mldr … mnplus ∓ models ⊧ mopf 𝕞 mp ∓ mscr 𝓂 mstpos ∾ mu μ multimap ⊸ mumap ⊸ nabla ∇
nacute ń nang ∠\u{20d2} nap ≉ napid ≋\u{338} napos ŉ napprox ≉ natur ♮ natural ♮ naturals ℕ *nbsp \u{a0}
nbump ≎\u{338} nbumpe ≏\u{338} ncap ⩃ ncaron ň ncedil ņ ncong ≇ ncongdot ⩭\u{338} ncup ⩂ ncy н ndash –
ne ≠ nearhk ⤤ nearr ↗ nearrow ↗ nedot ≐\u{338} nequiv ≢ nesear ⤨ nesim ≂\u{338} nexist ∄ nexists ∄ nfr 𝔫
nge ≱ ngeq ≱ ngeqq ≧\u{338} ngeqslant ⩾\u{338} nges ⩾\u{338} ngsim ≵ ngt ≯ ngtr ≯ nharr ↮ nhpar ⫲ ni ∋
nis ⋼ nisd ⋺ niv ∋ njcy њ nlarr ↚ nldr ‥ nle ≰ nleftarrow ↚ nleftrightarrow ↮ nleq ≰ nleqq ≦\u{338}
nleqslant ⩽\u{338} nles ⩽\u{338} nless ≮ nlsim ≴ nlt ≮ nltri ⋪ nltrie ⋬ nmid ∤ nopf 𝕟 *not ¬ notin ∉
notindot ⋵\u{338} notinva ∉ notinvb ⋷ notinvc ⋶ notni ∌ notniva ∌ notnivb ⋾ notnivc ⋽ npar ∦ nparallel ∦
nparsl ⫽\u{20e5} npart ∂\u{338} npolint ⨔ npr ⊀ nprcue ⋠ npre ⪯\u{338} nprec ⊀ npreceq ⪯\u{338} nrarr ↛
nrarrc ⤳\u{338} nrarrw ↝\u{338} nrightarrow ↛ nrtri ⋫ nrtrie ⋭ nsc ⊁ nsccue ⋡ nsce ⪰\u{338} nscr 𝓃
nshortmid ∤ nshortparallel ∦ nsim ≁ nsime ≄ nsimeq ≄ nsmid ∤ nspar ∦ nsqsube ⋢ nsqsupe ⋣ nsub ⊄ nsube ⊈
nsubset ⊂\u{20d2} nsubseteq ⊈ nsubseteqq ⫅\u{338} nsucc ⊁ nsucceq ⪰\u{338} nsup ⊅ nsupe ⊉
nsupset ⊃\u{20d2} nsupseteq ⊉ nsupseteqq ⫆\u{338} ntgl ≹ *ntilde ñ ntlg ≸ ntriangleleft ⋪
ntrianglelefteq ⋬ ntriangleright ⋫ ntrianglerighteq ⋭ nu ν num # numero № numsp \u{2007} nvap ≍\u{20d2}
nvdash ⊬ nvge ≥\u{20d2} nvgt >\u{20d2} nvinfin ⧞ nvle ≤\u{20d2} nvlt <\u{20d2} nvltrie ⊴\u{20d2}
nvrtrie ⊵\u{20d2} nvsim ∼\u{20d2} nwarhk ⤣ nwarr ↖ nwarrow ↖ nwnear ⤧ *oacute ó oast ⊛ ocir ⊚ *ocirc ô
ocy о odash ⊝ odblac ő odiv ⨸ odot ⊙ odsold ⦼ oelig œ ofcir ⦿ ofr 𝔬 ogon ˛ *ograve ò ogt ⧁ ohbar ⦵ ohm Ω
oint ∮ olarr ↺ olcir ⦾ olcross ⦻ oline ‾ olt ⧀ omacr ō omega ω omicron ο omid ⦶ ominus ⊖ oopf 𝕠 opar ⦷
operp ⦹ oplus ⊕ or ∨ orarr ↻ ord ⩝ order ℴ orderof ℴ *ordf ª *ordm º origof ⊶ oror ⩖ orslope ⩗ orv ⩛
oscr ℴ *oslash ø osol ⊘ *otilde õ otimes ⊗ otimesas ⨶ *ouml ö ovbar ⌽ par ∥ *para ¶ parallel ∥ parsim ⫳
parsl ⫽ part ∂ pcy п percnt % period . permil ‰ perp ⊥ pertenk ‱ pfr 𝔭 phi φ phiv ϕ phmmat ℳ phone ☎
pi π pitchfork ⋔ piv ϖ planck ℏ planckh ℎ plankv ℏ plus + plusacir ⨣ plusb ⊞ pluscir ⨢ plusdo ∔ plusdu ⨥
pluse ⩲ *plusmn ± plussim ⨦ plustwo ⨧ pm ± pointint ⨕ popf 𝕡 *pound £ pr ≺ prap ⪷ prcue ≼ pre ⪯ prec ≺
precapprox ⪷ preccurlyeq ≼ preceq ⪯ precnapprox ⪹ precneqq ⪵ precnsim ⋨ precsim ≾ prime ′ primes ℙ
prnap ⪹ prnsim ⋨ prod ∏ profalar ⌮ profline ⌒ profsurf ⌓ prop ∝ propto ∝ prsim ≾ prurel ⊰ pscr 𝓅 psi ψ
puncsp \u{2008} qfr 𝔮 qint ⨌ qopf 𝕢 qprime ⁗ qscr 𝓆 quaternions ℍ quatint ⨖ quest ? questeq ≟ *quot "
race ∽\u{331} racute ŕ radic √ raemptyv ⦳ rang ⟩ rangd ⦒ range ⦥ rangle ⟩ *raquo » rarr → rarrap ⥵
rarrb ⇥ rarrbfs ⤠ rarrc ⤳ rarrfs ⤞ rarrhk ↪ rarrlp ↬ rarrpl ⥅ rarrsim ⥴ rarrtl ↣ rarrw ↝ ratail ⤚
ratio ∶ rationals ℚ rbarr ⤍ rbbrk ❳ rbrace } rbrack ] rbrke ⦌ rbrksld ⦎ rbrkslu ⦐ rcaron ř rcedil ŗ
rceil ⌉ rcub } rcy р rdca ⤷ rdldhar ⥩ rdquo ” rdquor ” rdsh ↳ real ℜ realine ℛ realpart ℜ reals ℝ rect ▭
*reg ® rfisht ⥽ rfloor ⌋ rfr 𝔯 rhard ⇁ rharu ⇀ rharul ⥬ rho ρ rhov ϱ rightarrow → rightarrowtail ↣
rightharpoondown ⇁ rightharpoonup ⇀ rightleftarrows ⇄ rightleftharpoons ⇌ rightrightarrows ⇉
rightsquigarrow ↝ rightthreetimes ⋌ ring ˚ risingdotseq ≓ rlarr ⇄ rlhar ⇌ rlm \u{200f} rmoust ⎱
rmoustache ⎱ rnmid ⫮ roang ⟭ roarr ⇾ robrk ⟧ ropar ⦆ ropf 𝕣 roplus ⨮ rotimes ⨵ rpar ) rpargt ⦔
rppolint ⨒ rrarr ⇉ rsaquo › rscr 𝓇 rsh ↱ rsqb ] rsquo ’ rsquor ’ rthree ⋌ rtimes ⋊ rtri ▹ rtrie ⊵
rtrif ▸ rtriltri ⧎ ruluhar ⥨ rx ℞ sacute ś sbquo ‚ sc ≻ scap ⪸ scaron š sccue ≽ sce ⪰ scedil ş scirc ŝ
scnap ⪺ scnsim ⋩ scpolint ⨓ scsim ≿ scy с sdot ⋅ sdotb ⊡ sdote ⩦ searhk ⤥ searr ↘ searrow ↘ *sect §
semi ; seswar ⤩ setminus ∖ setmn ∖ sext ✶ sfr 𝔰 sfrown ⌢ sharp ♯ shchcy щ shcy ш shortmid ∣
shortparallel ∥ *shy \u{ad} sigma σ sigmaf ς sigmav ς sim ∼ simdot ⩪ sime ≃ simeq ≃ simg ⪞ siml ⪝
simne ≆ simplus ⨤ simrarr ⥲ slarr ← smallsetminus ∖ smashp ⨳ smeparsl ⧤ smid ∣ smile ⌣ smt ⪪ smte ⪬
smtes ⪬\u{fe00} softcy ь sol / solb ⧄ solbar ⌿ sopf 𝕤 spades ♠ spadesuit ♠ spar ∥ sqcap ⊓
sqcaps ⊓\u{fe00} sqcup ⊔ sqcups ⊔\u{fe00} sqsub ⊏ sqsube ⊑ sqsubset ⊏ sqsubseteq ⊑ sqsup ⊐ sqsupe ⊒
sqsupset ⊐ sqsupseteq ⊒ squ □ square □ squarf ▪ squf ▪ srarr → sscr 𝓈 ssetmn ∖ ssmile ⌣ sstarf ⋆ star ☆
starf ★ straightepsilon ϵ straightphi ϕ strns ¯ sub ⊂ subdot ⪽ sube ⊆ subedot ⫃ submult ⫁ subne ⊊
subplus ⪿ subrarr ⥹ subset ⊂ subseteq ⊆ subseteqq ⫅ subsetneq ⊊ subsetneqq ⫋ subsim ⫇ subsub ⫕ subsup ⫓
succ ≻ succapprox ⪸ succcurlyeq ≽ succeq ⪰ succnapprox ⪺ succneqq ⪶ succnsim ⋩ succsim ≿ sum ∑ sung ♪
sup ⊃ *sup1 ¹ *sup2 ² *sup3 ³ supdot ⪾ supdsub ⫘ supe ⊇ supedot ⫄ suphsol ⟉ suphsub ⫗ suplarr ⥻
supmult ⫂ supne ⊋ supplus ⫀ supset ⊃ supseteq ⊇ supseteqq ⫆ supsetneq ⊋ supsetneqq ⫌ supsim ⫈ supsub ⫔
supsup ⫖ swarhk ⤦ swarr ↙ swarrow ↙ swnwar ⤪ *szlig ß target ⌖ tau τ tbrk ⎴ tcaron ť tcedil ţ tcy т
tdot \u{20db} telrec ⌕ tfr 𝔱 there4 ∴ therefore ∴ theta θ thetasym ϑ thetav ϑ thickapprox ≈ thicksim ∼
thinsp \u{2009} thkap ≈ thksim ∼ *thorn þ tilde ˜ *times × timesb ⊠ timesbar ⨱ timesd ⨰ tint ∭ toea ⤨
top ⊤ topbot ⌶ topcir ⫱ topf 𝕥 topfork ⫚ tosa ⤩ tprime ‴ trade ™ triangle ▵ triangledown ▿
triangleleft ◃ trianglelefteq ⊴ triangleq ≜ triangleright ▹ trianglerighteq ⊵ tridot ◬ trie ≜ triminus ⨺
triplus ⨹ trisb ⧍ tritime ⨻ trpezium ⏢ tscr 𝓉 tscy ц tshcy ћ tstrok ŧ twixt ≬ twoheadleftarrow ↞
twoheadrightarrow ↠ *uacute ú uarr ↑ ubrcy ў ubreve ŭ *ucirc û ucy у udarr ⇅ udblac ű udhar ⥮ ufisht ⥾
ufr 𝔲 *ugrave ù uharl ↿ uharr ↾ uhblk ▀ ulcorn ⌜ ulcorner ⌜ ulcrop ⌏ ultri ◸ umacr ū *uml ¨ uogon ų
uopf 𝕦 uparrow ↑ updownarrow ↕ upharpoonleft ↿ upharpoonright ↾ uplus ⊎ upsi υ upsih ϒ upsilon υ
upuparrows ⇈ urcorn ⌝ urcorner ⌝ urcrop ⌎ uring ů urtri ◹ uscr 𝓊 utdot ⋰ utilde ũ utri ▵ utrif ▴ uuarr ⇈
*uuml ü uwangle ⦧ vangrt ⦜ varepsilon ϵ varkappa ϰ varnothing ∅ varphi ϕ varpi ϖ varpropto ∝ varr ↕
varrho ϱ varsigma ς varsubsetneq ⊊\u{fe00} varsubsetneqq ⫋\u{fe00} varsupsetneq ⊋\u{fe00}
varsupsetneqq ⫌\u{fe00} vartheta ϑ vartriangleleft ⊲ vartriangleright ⊳ vcy в vdash ⊢ vee ∨ veebar ⊻
veeeq ≚ vellip ⋮ verbar | vert | vfr 𝔳 vltri ⊲ vnsub ⊂\u{20d2} vnsup ⊃\u{20d2} vopf 𝕧 vprop ∝ vrtri ⊳
vscr 𝓋 vsubne ⊊\u{fe00} vsupne ⊋\u{fe00} vzigzag ⦚ wcirc ŵ wedbar ⩟ wedge ∧ wedgeq ≙ weierp ℘ wfr 𝔴
wopf 𝕨 wp ℘ wr ≀ wreath ≀ wscr 𝓌 xcap ⋂ xcirc ◯ xcup ⋃ xdtri ▽ xfr 𝔵 xharr ⟷ xi ξ xlarr ⟵ xmap ⟼ xnis ⋻
xodot ⨀ xopf 𝕩 xoplus ⨁ xotime ⨂ xrarr ⟶ xscr 𝓍 xsqcup ⨆ xuplus ⨄ xutri △ xvee ⋁ xwedge ⋀ *yacute ý
yacy я ycirc ŷ ycy ы *yen ¥ yfr 𝔶 yicy ї yopf 𝕪 yscr 𝓎 yucy ю *yuml ÿ zacute ź zcaron ž zcy з zdot ż
zeetrf ℨ zeta ζ zfr 𝔷 zhcy ж zigrarr ⇝ zopf 𝕫 zscr 𝓏 zwj \u{200d} zwnj \u{200c}
`;

const words = table.trim().split(/\s+/);
const unescaped = (text: string): string =>
  text.replace(/\\u\{(\w+)\}/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
const pairs = words.flatMap((name, i) => (i % 2 ? [] : [[name, unescaped(words[i + 1]!)] as const]));

/** Name of a character → the character(s), such as "eacute" → "é". */
export const htmlEntities: ReadonlyMap<string, string> = new Map(
  pairs.map(([name, text]) => [name.replace('*', ''), text]),
);

/** The names that need no semicolon. */
export const bareHtmlEntities: ReadonlySet<string> = new Set(
  pairs.filter(([name]) => name.startsWith('*')).map(([name]) => name.slice(1)),
);
