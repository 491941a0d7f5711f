import Glibc
import Primitives
import Simulation

// Many seeds of the simulated world, or its speed:
//   swift run -c release simulation-bench swarm <validators> <first seed> <seeds> [brief]
//   swift run -c release simulation-bench trace <validators> <seed> <lines> [brief]
//   swift run -c release simulation-bench speed <validators> <heights>
let words = CommandLine.arguments.dropFirst()
let numbers = words.compactMap { UInt64($0) }
let isBrief = words.contains("brief")

func number(_ index: Int, _ fallback: UInt64) -> UInt64 { index < numbers.count ? numbers[index] : fallback }

func options(_ seed: UInt64, _ validators: Int) -> SwarmOptions {
  isBrief ? .brief(seed: seed, validators: validators) : .drawn(seed: seed, validators: validators)
}

func show(_ line: String) {
  print(line)
  fflush(nil)
}

func print(_ counts: [String: Int]) {
  for (name, count) in counts.sorted(by: { $0.key < $1.key }) { print("  \(name): \(count)") }
}

let validators = Int(number(0, 4))
let clock = ContinuousClock()
switch words.first {
case "speed":
  // No faults, plain transfers, one after the other is enough to keep views coming.
  var options = SwarmOptions()
  options.validators = validators
  options.isPlainWorkload = true
  options.clientPause = 100...300
  options.chaosHeights = number(1, 20_000)
  options.chaosTicks = .max / 4
  options.stepsPerCheck = 0
  let start = clock.now
  let report = Simulation(seed: 1, options: options).run()
  let spent = (clock.now - start).components
  let seconds = Double(spent.seconds) + Double(spent.attoseconds) / 1e18
  print(report.text)
  print(report.counts)
  let views = Int(Double(report.finalizedView) / seconds)
  print("\(views) finalized views a second, \(Int(Double(report.inputs) / seconds)) inputs")
case "big":
  var plan = RunPlan()
  plan.validators = nil
  plan.views = number(2, 500)
  var totals: [String: Int] = [:]
  var heights: UInt64 = 0
  for seed in number(0, 1)..<number(0, 1) + number(1, 100) {
    let report = Simulation(seed: seed, options: plan.options(seed: seed)).run()
    if !report.isSound {
      print(report.text)
      print("replay: roadbed simulate " + plan.arguments(seed: seed).joined(separator: " "))
    }
    totals.merge(report.counts) { $0 + $1 }
    totals["crashes", default: 0] += report.crashes
    totals["transactions", default: 0] += report.transactions
    heights += report.height
    if seed % 20 == 0 { show("seed \(seed), \(heights) finalized views, \(report.validators) nodes") }
  }
  print(totals)
case "trace":
  var options = options(number(1, 1), validators)
  options.traceLines = Int(number(2, 60))
  let report = Simulation(seed: number(1, 1), options: options).run()
  print(report.text)
  for line in report.trace where report.isSound { print("  | " + line) }
  print(report.counts)
default:
  let first = number(1, 1)
  var counts: [String: Int] = [:]
  var broken = 0
  for seed in first..<first + number(2, 100) {
    let report = Simulation(seed: seed, options: options(seed, validators)).run()
    if !report.isSound {
      broken += 1
      print(report.text)
    }
    counts.merge(report.counts) { $0 + $1 }
    counts["heights", default: 0] += Int(report.height)
    counts["crashes", default: 0] += report.crashes
    counts["inputs", default: 0] += report.inputs
  }
  print("\(validators) validators, seeds \(first)..<\(first + number(2, 100)): \(broken) broke a promise")
  print(counts)
}
