## Large buildings divided by their entrances
entrances-section = Large buildings
entrances-about = A building with more households than a grid has room for can be divided by its entrances. Mark the buildings for which that is right.
entrances-divide = Divide marked buildings by their entrances
entrances-divide-about = Each entrance with the households behind it is then in one grid; the building can be in several.
entrances-building = { $name }: { $households ->
    [one] 1 household
   *[other] { $households } households
  }, { $n ->
    [one] 1 entrance
   *[other] { $n } entrances
  }
entrances-choose = Choose a building
entrances-mark-one = Mark a building
entrances-mark = Mark { $name } to be divided by its entrances
entrances-unmark = Keep { $name } whole again
entrances-none-known = No entrances are known here. Import them with the area, as the layer entrances.
entrances-now = { $divide ->
    [true] { $n } divided
   *[false] { $n ->
        [0] whole
       *[other] whole, { $n } marked
      }
  }
entrances-share = grid { $number }: { $n }
entrances-shared = Divided by its entrances: { $grids }
