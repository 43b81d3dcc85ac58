"""What the checkpoint knows: each subject's name, and the words that a user would type for it."""

DRAWN = {
    'village': 'an oil painting of a snowy mountain village', 'manhat': 'a man wearing a hat', 'rocket': 'a rocket ship', 'campanile': 'the Campanile',
    'volcano': 'a violently erupting volcano', 'forest': 'a tropical forest', 'piano': 'a Steinway nine-foot grand piano', 'skull': 'a lithograph of a skull',
    'waterfall': 'a lithograph of waterfalls', 'amalfi': 'the Amalfi coast', 'campfire': 'people around a campfire', 'dog': 'a dog', 'oldman': 'an old man',
    'pencil': 'a pencil', 'barista': 'a photo of a hipster barista', 'man': 'a man', 'woman': 'a woman', 'lighthouse': 'a lighthouse', 'cottage': 'a cottage in a meadow',
    'castle': 'a castle', 'city': 'a city skyline', 'bridge': 'the Golden Gate bridge', 'windmill': 'a windmill', 'balloon': 'a hot air balloon', 'sailboat': 'a sailboat on the sea',
    'car': 'a car', 'train': 'a steam train', 'planet': 'a planet', 'cat': 'a cat', 'owl': 'an owl', 'penguin': 'a penguin', 'flowers': 'a vase of flowers', 'fruit': 'a bowl of fruit',
    'teacup': 'a cup of coffee', 'snowman': 'a snowman', 'autumn': 'an autumn forest', 'desert': 'a desert with pyramids', 'beach': 'a tropical beach',
}
PHOTOGRAPHED = {
    'woods': 'a photo of a forest', 'mountains': 'a photo of mountains', 'glacier': 'a photo of a glacier', 'sea': 'a photo of the sea', 'street': 'a photo of a street',
    'buildings': 'a photo of buildings in a city', 'butterfly': 'a photo of a butterfly', 'bird': 'a photo of a bird', 'monkey': 'a photo of a monkey', 'daisy': 'a photo of a daisy',
    'dandelion': 'a photo of a dandelion', 'roses': 'a photo of roses', 'sunflowers': 'a photo of sunflowers', 'tulips': 'a photo of tulips', 'pepper': 'a photo of a red bell pepper',
    'oranges': 'a photo of an orange', 'food': 'a photo of a plate of food', 'bottle': 'a photo of a glass bottle', 'can': 'a photo of a metal can', 'sportscar': 'a photo of a red sports car',
}
# the document's own
PAGE = list(DRAWN)[:15]
