# Reference fits of residual structures by nlme (gls, lme). Writes residual.json beside the data it used.
# Run: Rscript residual.R. Versions of R and nlme are recorded in the file; data: Orthodont and Ovary of nlme, and simulated ones.
# fitted: the first 20 rows. nlme multiplies standard errors of ML fits by sqrt(n / (n - p)); they are written as it gives them.
suppressMessages({library(nlme); library(jsonlite)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
gc <- glsControl(maxIter = 500, msMaxIter = 1000, tolerance = 1e-10, msTol = 1e-13)
lc <- lmeControl(maxIter = 500, msMaxIter = 1000, tolerance = 1e-10, msTol = 1e-13, niterEM = 50)

set.seed(7)
orthodont <- data.frame(distance = Orthodont$distance, age = Orthodont$age, Subject = as.character(Orthodont$Subject),
                        Sex = as.character(Orthodont$Sex))
ovary <- data.frame(follicles = Ovary$follicles, Time = Ovary$Time, Mare = as.character(Ovary$Mare))
ovary$s <- sin(2 * pi * ovary$Time); ovary$c <- cos(2 * pi * ovary$Time)
ovary$place <- ave(ovary$Time, ovary$Mare, FUN = rank)
# simulated: 40 groups of 6 to 12 visits with gaps, AR(1) 0.5, two arms with SDs 1 and 1.8, random intercept; class of 4 groups
simulated <- do.call(rbind, lapply(1:40, function(g) {
  all <- 1:12; visit <- sort(sample(all, sample(6:12, 1)))
  e <- as.numeric(arima.sim(list(ar = 0.5), 12, sd = sqrt(0.75)))[visit]
  arm <- if (g %% 2) "a" else "b"
  data.frame(id = sprintf("g%02d", g), class = sprintf("c%02d", (g - 1) %/% 4), visit = visit, arm = arm, x = rnorm(length(visit)),
             e = e * (if (arm == "a") 1 else 1.8), w = round(runif(length(visit), 0.5, 2), 2))
}))
u <- rnorm(40, 0, 1.2); v <- rnorm(10, 0, 0.8)
simulated$y <- 2 + 0.5 * simulated$x + 0.1 * simulated$visit + u[as.integer(factor(simulated$id))] +
  v[as.integer(factor(simulated$class))] + simulated$e
simulated$time <- simulated$visit + round(rnorm(nrow(simulated), 0, 0.1), 3)
simulated$e <- NULL
# four occasions, some missing
set.seed(3); kept <- sort(sample(nrow(orthodont), 95))
incomplete <- orthodont[kept, ]

out <- list(R = R.version.string, nlme = as.character(packageVersion("nlme")), cases = list())
add <- function(name, data, fit, random = NULL) {
  cs <- fit$modelStruct$corStruct; vs <- fit$modelStruct$varStruct
  s <- summary(fit)$tTable
  vc <- if (inherits(fit, "lme")) lapply(as.matrix(fit$modelStruct$reStruct), function(m) unclass(m) * fit$sigma^2) else list()
  out$cases[[name]] <<- list(
    data = data, reml = fit$method == "REML", criterion = -2 * as.numeric(logLik(fit)), npar = attr(logLik(fit), "df"),
    beta = as.numeric(if (inherits(fit, "lme")) fixef(fit) else coef(fit)), se = as.numeric(s[, "Std.Error"]), sigma = fit$sigma,
    correlation = if (is.null(cs)) numeric(0) else as.numeric(coef(cs, unconstrained = FALSE)),
    correlation_group1 = if (is.null(cs)) NULL else unname(as.matrix(corMatrix(cs)[[1]])),
    sd_ratios = if (is.null(vs)) list() else as.list(c(coef(vs, unconstrained = FALSE, allCoef = TRUE))),
    covariance = unname(vc), fitted = head(as.numeric(fitted(fit)), 20))
}
for (m in c("REML", "ML")) {
  n <- function(x) paste(x, m)
  add(n("gls strata"), "orthodont", gls(distance ~ age * Sex, orthodont, weights = varIdent(form = ~ 1 | Sex), method = m, control = gc))
  add(n("lme strata"), "orthodont", lme(distance ~ age * Sex, orthodont, random = ~ 1 | Subject, weights = varIdent(form = ~ 1 | Sex), method = m, control = lc))
  add(n("gls ar1"), "orthodont", gls(distance ~ age * Sex, orthodont, correlation = corAR1(form = ~ 1 | Subject), method = m, control = gc))
  add(n("gls cs"), "orthodont", gls(distance ~ age * Sex, orthodont, correlation = corCompSymm(form = ~ 1 | Subject), method = m, control = gc))
  add(n("gls un"), "orthodont", gls(distance ~ age * Sex, orthodont, correlation = corSymm(form = ~ 1 | Subject), weights = varIdent(form = ~ 1 | age), method = m, control = gc))
  add(n("gls un incomplete"), "incomplete", gls(distance ~ age * Sex, incomplete, correlation = corSymm(form = ~ I(age / 2 - 3) | Subject), weights = varIdent(form = ~ 1 | age), method = m, control = gc))
  add(n("lme ar1"), "ovary", lme(follicles ~ s + c, ovary, random = ~ 1 | Mare, correlation = corAR1(form = ~ place | Mare), method = m, control = lc))
  add(n("gls cs sizes"), "simulated", gls(y ~ x + visit, simulated, correlation = corCompSymm(form = ~ 1 | id), method = m, control = gc))
  add(n("lme cs in class"), "simulated", lme(y ~ x + visit, simulated, random = ~ 1 | class, correlation = corCompSymm(form = ~ 1 | class/id), method = m, control = lc))
  add(n("lme ar1 gaps"), "simulated", lme(y ~ x + visit, simulated, random = ~ 1 | id, correlation = corAR1(form = ~ visit | id), method = m, control = lc))
  add(n("lme ar1 strata"), "simulated", lme(y ~ x + visit, simulated, random = ~ 1 | id, correlation = corAR1(form = ~ visit | id), weights = varIdent(form = ~ 1 | arm), method = m, control = lc))
  add(n("lme ar1 nested"), "simulated", lme(y ~ x + visit, simulated, random = ~ 1 | class/id, correlation = corAR1(form = ~ visit | class/id), method = m, control = lc))
  add(n("gls car1"), "simulated", gls(y ~ x + visit, simulated, correlation = corCAR1(form = ~ time | id), method = m, control = gc))
  add(n("gls weights strata"), "simulated", gls(y ~ x + visit, simulated, weights = varComb(varFixed(~ I(1 / w)), varIdent(form = ~ 1 | arm)), method = m, control = gc))
  add(n("gls weights ar1"), "simulated", gls(y ~ x + visit, simulated, weights = varFixed(~ I(1 / w)), correlation = corAR1(form = ~ visit | id), method = m, control = gc))
}
for (one in c("orthodont", "incomplete", "ovary", "simulated")) write.csv(get(one), file.path(here, paste0(one, ".csv")), row.names = FALSE)
write(toJSON(out, digits = 15, auto_unbox = TRUE, null = "null"), file.path(here, "residual.json"))
