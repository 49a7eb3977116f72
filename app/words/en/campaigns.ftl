# Targets of campaigns
campaigns-title = Targets
campaigns-about = What a campaign is to reach, by which day, and how far it is. It counts cases and sites, never persons; how much somebody does is no measure.
campaigns-none = No target yet
campaigns-none-about = Set one below: a share, and the day by which it is to be reached.
campaigns-measure = { $measure ->
    [inspected] Sites inspected
   *[closed] Hazards closed
    }
campaigns-state = { $state ->
    [reached] reached
    [ahead] on its way
    [behind] behind
    [missed] not reached
    [to-come] to come
   *[empty] nothing to count yet
    }
campaigns-target = Target
campaigns-by = by { $day }
campaigns-still-open = Those that are open still
campaigns-curve = { $name }: percent by day, with the line to the target
campaigns-reached = reached
campaigns-aimed = line to the target
campaigns-take-back = Take back
campaigns-set = Set a target
campaigns-name-zh = Name in Chinese
campaigns-name-en = Name in English
campaigns-of = Share of
campaigns-kind = Kind of hazards
campaigns-every-kind = All kinds
campaigns-target-percent = Target, percent
campaigns-until = To be reached by
