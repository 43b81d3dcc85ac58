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


def counts():
    """Every word once, with its highest expected count."""
    table = {}
    for count, words in GRAMMAR.items():
        for word in words.split():
            table[word] = max(count, table.get(word, 0))
    return table
