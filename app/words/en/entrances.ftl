## Large buildings divided by their entrances
