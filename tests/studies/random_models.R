# Fits each model of cases.tsv (number, formula, reml, weights) by lme4, and prints
#   case <tab> optimiser and start <tab> criterion or "error" <tab> theta, or what the error says
# Optimisers are given far tighter tolerances than their defaults; "default" is lmer as it comes.
suppressMessages(library(lme4))
cases <- read.delim("cases.tsv", colClasses = c("integer", "character", "logical", "character"), na.strings = "NA")

tight <- list(
  bobyqa = list(rhoend = 1e-8, maxfun = 20000),
  nlminbwrap = list(iter.max = 1000, eval.max = 2000, rel.tol = 1e-13, x.tol = 1e-9),
  Nelder_Mead = list(maxfun = 20000, FtolAbs = 1e-8, FtolRel = 1e-15, XtolRel = 1e-9)
)
quiet <- function(expression) suppressMessages(suppressWarnings(expression))
control <- function(...) lmerControl(..., check.scaleX = "ignore", check.conv.singular = "ignore")

say <- function(number, name, fit) {
  if (inherits(fit, "error")) {
    return(cat(number, name, "error", gsub("[\t\n]", " ", conditionMessage(fit)), sep = "\t", "\n"))
  }
  criterion <- if (isREML(fit)) REMLcrit(fit) else deviance(fit)
  theta <- paste(sprintf("%.17g", getME(fit, "theta")), collapse = " ")
  cat(number, name, sprintf("%.17g", criterion), theta, sep = "\t", "\n")
}

for (i in seq_len(nrow(cases))) {
  one <- cases[i, ]
  data <- read.csv(sprintf("%d.csv", one$number), stringsAsFactors = TRUE)
  data$.w <- if (is.na(one$weights)) 1 else data[[one$weights]]
  attempt <- function(...) {
    tryCatch(quiet(lmer(as.formula(one$formula), data, REML = one$reml, weights = .w, ...)), error = identity)
  }
  default <- attempt(control = control())
  say(one$number, "default", default)
  lower <- if (inherits(default, "error")) NULL else getME(default, "lower")
  starts <- list(usual = NULL)
  if (!is.null(lower)) {
    starts$small <- ifelse(lower == 0, 0.15, 0.1)
    starts$large <- ifelse(lower == 0, 4, 0)
  }
  for (optimizer in names(tight)) for (start in names(starts)) {
    if (start == "large" && optimizer != "nlminbwrap") next
    fit <- attempt(control = control(optimizer = optimizer, calc.derivs = FALSE, optCtrl = tight[[optimizer]]),
                   start = if (is.null(starts[[start]])) NULL else list(theta = starts[[start]]))
    say(one$number, paste(optimizer, start), fit)
  }
}
