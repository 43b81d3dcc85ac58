"""The words the tokenizer keeps whole. Anything else falls apart into letters."""

# word: how often it may be expected among ten thousand words of captions
GRAMMAR = {
    400: 'a an the of on in at with and',
    120: 'painting photo oil drawing lithograph photograph watercolor watercolour sketch illustration pencil portrait by to',
    60: '''high quality man old hat wearing snowy mountain village rocket ship campanile volcano erupting tropical forest
        piano grand steinway nine-foot nine foot skull waterfall waterfalls amalfi coast people around campfire dog hipster
        barista woman day daylight morning sunset dusk night cloudy image picture engraving cartoon simple black white''',
    25: '''mountains snow winter houses house violently lava ash spewing rainforest jungle palm trees lush tall cost view
        colourful colorful sitting friends fire group berkeley clock tower bell sather lighthouse sea cliff sailboat sailing
        boat ocean autumn fall trees cottage small meadow countryside farmhouse hill castle medieval stone city skyline
        skyscrapers modern hot air balloon balloons sky desert pyramids sandy cacti cactus beach golden gate bridge red
        suspension over bay launching spaceship flying space yellow sharpened paper stage human dark background cute looking
        camera puppy cat kitten sunflower sunflowers vase flowers bouquet bowl fruit apples still life cup coffee teacup
        table tea car road vintage elderly beard face holding young long hair gentleman lady girl boy person men women
        green blue orange purple pink brown grey gray silver gold bright light big large little tiny beside behind front
        near under above below between next through into along across from for bird birds owl parrot penguin horse horses
        cow sheep fish whale elephant lion bear fox rabbit butterfly snowman train steam locomotive bicycle windmill mushroom
        mushrooms tree oak pine leaf guitar violin book books candle lamp lantern moon full stars star sun planet saturn
        earth robot umbrella tent lake river bridge pond island barn church temple pagoda tulips roses rose apple pear
        banana cherries cake bread wine bottle glass glasses chair armchair window door garden path fence field wheat
        lavender vineyard hills valley canyon rocks rock cave iceberg ice aurora northern lights rainbow rain storm lightning
        clouds fog mist misty sunny sunrise evening midnight summer spring seaside harbour harbor port fishing boats pier
        sand waves wave surf reflection calm stormy sails mast keys keyboard pianist music concert instrument wooden eraser
        sharp writing desk notebook bone bones skeleton crossbones teeth smiling happy sad angry serious laughing bald
        moustache mustache hipster's apron café cafe shop bar latte espresso mug hats fedora cap beanie cowboy top scarf coat
        suit tie shirt dress jacket sweater flames flame logs wood embers smoke eruption crater magma launch taking off
        space-ship starship astronaut moonlit starry shuttle engine bear deer wolf squirrel''',
    6: '''style abstract minimal detailed realistic vivid muted warm cold soft foggy ancient ruined haunted magical fantasy
        beautiful lovely pretty ugly strange funny famous historic rustic cozy cosy quiet busy crowded empty lonely peaceful
        playing walking running standing sleeping eating drinking reading standing smiling riding climbing swimming jumping
        two three four five six seven eight nine ten one many several some few pair couple crowd family children child
        baby king queen knight wizard witch pirate sailor farmer chef teacher student doctor soldier dancer singer ballerina
        clown cowboy monk nun nurse artist painter grandfather grandmother grandpa grandma father mother brother sister
        head body hand hands arm arms leg legs eye eyes nose mouth ear ears neck shoulder tail wing wings fur feather
        animal animals pet pets wild farm zoo duck swan goose chicken rooster hen pig goat donkey camel giraffe zebra tiger
        leopard monkey gorilla panda koala kangaroo mouse rat frog turtle snake crocodile dinosaur dragon unicorn shark
        dolphin octopus crab starfish shell coral seahorse bee ant spider ladybug dragonfly snail
        plane airplane aeroplane helicopter truck bus tractor motorcycle scooter tram subway ship ferry canoe kayak yacht
        submarine raft wheel wheels street avenue square park fountain statue market station airport factory school library
        museum theatre hospital hotel restaurant bakery cabin hut palace mansion villa apartment building buildings roof
        roofs chimney balcony gate wall walls stairs stone brick column arch dome spire ruins monument tower towers eiffel
        big ben paris london rome venice tokyo york san francisco california italy italian france french japan japanese
        china chinese india indian egypt egyptian africa african america american europe european alps alpine swiss
        vesuvius etna fuji everest hawaii naples positano mediterranean pacific atlantic arctic antarctic
        spoon fork knife plate kettle teapot pot pan jar basket box bag bucket broom hammer saw nail screw key lock ring
        crown sword shield bow arrow flag map globe compass watch telescope microscope computer laptop phone television
        radio typewriter newspaper letter envelope stamp pen brush paintbrush palette crayon chalk ink canvas frame mirror
        curtain carpet sofa couch bed pillow blanket shelf cupboard fridge stove oven sink bath toy doll ball kite balloon
        drum trumpet flute saxophone harp cello accordion organ orchestra band song dance
        lemon lime strawberry blueberry grapes grape peach plum melon watermelon pineapple coconut tomato potato carrot
        onion pepper corn pumpkin cabbage lettuce salad soup pasta pizza burger sandwich cheese egg eggs milk butter sugar
        salt honey chocolate cookie pie ice-cream donut croissant beer water juice
        daisy daisies lily orchid poppy poppies violet iris bamboo fern ferns moss grass bush vine branch branches leaves
        root petals seed wreath
        left right center middle top bottom side sides far away close up down inside outside onto off out against among
        towards toward while during before after where which that this these those his her its their our your my is are
        was were be being been has have had do does did not no yes very so too as like just only also all both each every
        other another same different new good bad best better great nice real fake digital art artwork print poster
        postcard wallpaper scene scenery landscape cityscape seascape interior exterior closeup macro aerial panoramic wide
        angle shot film cinematic studio lighting shadow shadows silhouette contrast texture pattern stripes striped dots
        spotted plain solid color colors colour colours colored coloured monochrome sepia pastel neon
        circle triangle line lines shape shapes cube sphere
        hello world test sample noise diffusion model''',
}

# Words of photographs' captions, in the order of their ids, which begin where those above and the characters end.
# Append only: a word that moved would have another's meaning.
PHOTOGRAPHS = '''grocery store glacier moth or dandelion flower sheet plastic container can metal arla cardboard waste swallow banded
    marmoset yoghurt hairstreak eastern fat skipper food medium grapefruit tropicana god headed morgon alpro ecological vanilla
    common leopards airplanes motorbikes macaque hawk trash piece pygmy bonsai peacock capuchin silvery natural patas uakari
    copper eggfly giant sour birdwing flamingo langur nilgiri cougar howler mantled ketch chandelier sports hawksbill ibis brain
    cream buddha menorah scorpion trilobite delicious ewer mild oatly revolver garant soy soyghurt standard yoggi bravo electric
    llama minaret jay crested dalmatian barred crayfish crimson sign crow pigeon stop argus lotus malachite mangrove mourning
    painted rosy satyr soccer chestnut emperor euphonium joshua schooner admiral adonis appollo arcigera atala atlas awl beckers
    brookes burnet checquered cinnabar clearwing cleopatra cloak clouded coma cracker danaid dogface elbowed elfin flasher
    heliconian hercules humming io julia leafwing lined luna madagascan maple mark metalmark milberts monarch morpho nymph
    oleander orchard pierrot pipevine polyphemus popinjay postman purplish question rhino scarce sixspot sootywing southern
    sphinx spot straited sulphur swallowtail tip tortoiseshell ulyses viceroy cairns cattleheart celled cellphone cherry clodius
    comet crecent dapple ermine glittering gum iphiclus marble mestra oakleaf parnassian sapphire siproeta sleepy snoot emu
    indra patch stegosaurus wheelchair pyramid windsor bass hedgehog nautilus fan gramophone tick beaver ceiling royal barrel
    kiwi stapler avocado satsumas warbler beef brontosaurus cannon regular sweet carrots gala headphone lobster mandolin
    aubergine conference galia garlic honeydew kaiser leek low mandarin mango oat passion pomegranate wrench anchor anjou beet
    breasted cantaloupe cucumber fresh granny kingfisher lactose nectarine oatghurt papaya pheasant smith smooth throated valio
    zucchini scissors floury ginger mayfly lilly okapi eagle tailed asparagus gerenuk platypus binocular metronome magpie billed
    bunting dove finch inline skate tanager woodpecker vulture faced hornbill partridge robin scarlet starling thrush heron
    turkey asian blackbird crane crowned cuckoo azure bearded cape eater hummingbird necked pitta sparrow teal trogon eared gull
    andean barbet bellied bornean broadbill cinnamon cockatoo double eurasian fairy flicker flycatcher grosbeak guan horned
    lapwing macaw masked paradise parakeet plover quail stork tern turaco winged wren martin lark abbotts aracari ashy bluebird
    booby bowerbird brested capped caracara catbird catcher chat cheeked clarks collared cormarant cuban dusky emerald euphonia
    eyed gang glossy goldfinch greater grebe grouse guineafowl harlequin himalayan indigo ivory kingbird lory manakin motmot
    myna oriole oyster pipit pita puffbird redstart roller ruby rufous spoonbill stilt stripped tit wattled auklet browed crake
    shaq tragopan canary de fig guinea hawaiian lorikeet nut ostrich pelican quetzal rosella short abyssinian adjutant albatross
    alberts alexandrine altamira amethyst anhinga ani anianiau annas antbird antillean antpitta apapane apostlebird araripe
    arnauds attila auk austral australasian avadavat avocet azaras babbler back backed baikal bali baltimore bananaquit barrows
    baza beardless bellbird belted biled bishop bittern blackburniam blonde blood bluebonnet bluetail bobolink bobwhite bower
    brandt brewers bristlehead bufflehead bulbul bullfinch bulwers burchells bushtit bustard buzzard caatinga cacholote cacique
    caique campo canastero canvasback capuchinbird cardinal carmine caspian cassowary cedar chachalaca chara chattering chestnet
    chickadee chipping chlorophonia chough chucao chukar coau cock cockato collar condor coot coppersmith coppery cormorant
    cotinga coua coucal courser cowbird creaper crepper crescentchest crossbill cuckooshrike curassow dacnis darjeeling
    daurian demoiselle dipper dollard dotterel dowitcher downy dunlin ecuadorian egret eider elegant elliots enggano falcon
    fasciated fiery figbird fiordland fireback firecrest firefinch flowerpecker flycather fody francolin friarbird frigate frill
    frogmouth fulmar gallinule gambels gannet gila gilded gnatcatcher go godwit goldeneye goshawk gouldian grackle grandala
    greator ground groved gurneys gyrfalcon hamerkop harpy hawfinch helmet hepatic hillstar hoatzin honeycreeper hooded hoopoes
    huet hyacinth iberian ibisbill imperial inca inland iora iwi jabiru jacamar jacana jack jacobin jaeger jandaya java jocotoco
    junco kagu kakapo kestrel killdear kinglet kiskadee knob knot kookaburra lanka lazuli leafbird legged lesser lilac limpkin
    liocichla loggerhead longclaw longspur loon looney lovebird lucifer major malabar malagasy maleo malkoha mallard mandrin
    marabou may mckays meadowlark merganser merlin mikado military minivet mockingbird monal myzornis naped nicobar noisy noody
    nutcracker nuthatch ocellated oilbird okinawa openbill oriental ornate oropendola osprey ovenbird palila parakett parula
    parus patagonian peregrine petrel pewee phainopepla philippine phoebe pied piping plush pomarine poor poorwill potoo prairie
    ptarmigan puffin puna pyrrhuloxia rail raven razorbill reedling regent roadrunner roseate rough ruddy rudy rufuos sage
    samatran sandhill sandpiper says scoter serpent shearwater sheathbill shelduck shoebill shouldered shoveler shrike shriketit
    sierra siskin skimmer smiths snipe solar sora spangled spinetail splendid squacco sri steamer striated sunbird sunbittern
    sungem superb swamphen swinhoes tailled tailorbird taiwan takahe tapaculo tasmanian tawny thrasher thrushbird tinamou tody
    toucanet touchan towee towhee townsends trepe tricolored tropic tropicbird troupial trumpter turquoise tyrannulet vanga
    varied veery venezuelian vented verdin vermilion victoria visayan vulturine wagtail waterhen waxwing weaver whimbrel
    whistling widow wigeon will willow wilsons wip wiskered woodland woodstar wrentit xenops yellowthroat woods glaciers tulip
    dandelions cans bottles dish kitchen'''


def counts():
    """Every word once, with its highest expected count."""
    table = {}
    for count, words in GRAMMAR.items():
        for word in words.split():
            table[word] = max(count, table.get(word, 0))
    return table
