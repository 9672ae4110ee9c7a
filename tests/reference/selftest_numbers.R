# The numbers `mlgui selftest` compares with: every model of every example, fitted by lme4, as resources/selftest/numbers.json.
#   Rscript tests/reference/selftest_numbers.R
library(lme4)
library(jsonlite)
folder <- "resources/examples"
factors <- list(
  exam = list(schgend = c("mixed", "boys", "girls"), sex = c("F", "M")),
  hsb = list(sector = c("Public", "Catholic")), orthodont = list(Sex = c("Male", "Female"))
)
models <- list(
  list("exam", "normexam ~ standLRT + (standLRT | school)"),
  list("exam", "normexam ~ standLRT * schavg + sex + schgend + (standLRT | school)"),
  list("hsb", "math ~ ses * sector + (1 + ses | school)"),
  list("hsb", "math ~ ses * sector + ses * mean_ses + (1 + ses | school)"),
  list("insteval", "rating ~ service + (1 | student) + (1 | lecturer)"),
  list("orthodont", "distance ~ age * Sex + (age | Subject)"),
  list("pastes", "strength ~ 1 + (1 | batch/cask)"),
  list("penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"),
  list("radon", "log_radon ~ floor + (1 | county)"),
  list("radon", "log_radon ~ floor + (floor | county)"),
  list("sleepstudy", "Reaction ~ Days + (Days | Subject)")
)
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-9, maxfun = 1e5), calc.derivs = FALSE)
fit <- function(model) {
  name <- model[[1]]
  file <- list.files(file.path(folder, name), "\\.csv(\\.gz)?$", full.names = TRUE)
  data <- read.csv(file, check.names = FALSE)
  for (column in names(factors[[name]])) data[[column]] <- factor(data[[column]], factors[[name]][[column]])
  fitted <- lmer(as.formula(model[[2]]), data, REML = TRUE, control = tight)
  table <- coef(summary(fitted))
  sds <- unlist(lapply(VarCorr(fitted), function(term) setNames(attr(term, "stddev"), rownames(term))))
  list(example = unbox(name), formula = unbox(model[[2]]), criterion = unbox(REMLcrit(fitted)),
       estimates = unname(table[, 1]), ses = unname(table[, 2]), sds = sort(unname(c(sds, sigma(fitted)))))
}
writeLines(toJSON(lapply(models, fit), digits = I(10), pretty = 2), "resources/selftest/numbers.json")
