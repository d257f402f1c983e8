"""Cost of illness: what sarcopenia, frailty, falls and fractures cost a nation and a person, from results of scenarios without them."""
