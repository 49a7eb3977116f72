### The view of the page of heat to take along.

heat-sheet-title = Heat of hazards: { $place }
heat-sheet-kinds = { $n } kinds
heat-sheet-days = reported { $first } to { $last }
heat-sheet-until = as of { $last }
heat-sheet-guard = Good for anybody: hazards where one to four households live, or where such could be reckoned from the rest, are left out, and that ground is blank; each hazard reaches { NUMBER($metres) } m.
heat-sheet-made = Made { $day }
heat-sheet-blank = Nothing is told about this ground
heat-sheet-few = fewer than 5 households
heat-sheet-far-less = far less
heat-sheet-less = less
heat-sheet-same = as before
heat-sheet-more = more
heat-sheet-far-more = far more
heat-sheet-take = Take this view along
heat-sheet-about = With legend, period and scale. It is good for anybody: ground with one to four households stays blank, and no hazard reaches less than 100 m. That it was taken is written down.
heat-sheet-making = The picture is being made.
heat-sheet-files = These hazards as a file
