"""Looking after a household once it is recognised: a plan with it, visits, escapes and relapses, three years on."""
