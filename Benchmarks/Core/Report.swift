import AllocationCount
import Foundation

/// Prints one line per measurement and compares it with its budget.
final class Report {
  enum Clock {
    /// The processor time of all threads, which is steadier than wall-clock time on a shared machine.
    case processor
    /// Wall-clock time, for operations that wait or use several cores. The name of the line says so.
    case wall
  }

  /// Whether budgets are checked in this build on this system.
  private let isJudging: Bool
  private var section = ""
  /// The names of the lines that the section has printed.
  private var printed: Set<String> = []
  private var kept = 0
  /// What is wrong, and what to do about it.
  private var findings: [String] = []

  /// Prints the machine and the build. Prints the reason and returns nil if allocations should be counted and are not.
  /// `sections` names all existing sections, including those that do not run.
  init?(sections: [String]) {
    if allocation_count_is_available(), let fault = AllocationCheck.fault() {
      print("allocations are not counted as they happen: \(fault)")
      print("next: see why Benchmarks/AllocationCount does not replace malloc in this build; no figure would mean much")
      return nil
    }
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = information.split(separator: "\n").first { $0.hasPrefix("model name") }
    let name = model?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces) ?? "unknown"
    print(
      "cpu: \(name), \(ProcessInfo.processInfo.activeProcessorCount) cores, one used unless a note says more; times are "
        + "processor time, or time on the wall where it says (wall)")
    #if DEBUG
      print("build: debug, the numbers mean nothing and no budget is checked; run with -c release")
      isJudging = false
    #else
      print("build: release")
      isJudging = allocation_count_is_available()
      if !isJudging { print("allocations: not counted on this system, so no budget is checked") }
    #endif
    if isJudging {
      for name in Budgets.allocations.keys.sorted() where !sections.contains(name) {
        findings.append(
          "there are budgets for a section '\(name)', which does not exist: remove them in \(Budgets.file)")
      }
    }
    let title = "operation".padding(toLength: Self.nameWidth, withPad: " ", startingAt: 0)
    print("\n" + title + Self.columns("ns/op", "ops/s", "allocs/op", "bytes/op") + "  op")
  }

  func begin(_ section: String) {
    self.section = section
    printed = []
  }

  /// Ends a section. A budget without a line is a finding, so that no budget lapses unnoticed.
  func end() {
    guard isJudging else { return }
    for name in (Budgets.allocations[section] ?? [:]).keys.sorted() where !printed.contains(name) {
      findings.append(
        "\(section): there is a budget for '\(name)', but no such line: remove or rename it in \(Budgets.file)")
    }
  }

  func note(_ text: String) { print("# \(text)") }

  /// Prints the line of a measurement in which `count` operations took `cost`.
  func line(_ name: String, _ count: Int, _ cost: Cost, _ unit: String, clock: Clock = .processor) {
    let name = clock == .wall ? name + " (wall)" : name
    let time = (clock == .wall ? cost.wall : cost.processor).nanoseconds / Double(count)
    let allocations = Double(cost.allocations) / Double(count)
    let isCounted = allocation_count_is_available()
    let columns = Self.columns(
      Self.number(time), Self.number(time > 0 ? 1e9 / time : 0), isCounted ? Self.number(allocations) : "-",
      isCounted ? Self.number(Double(cost.bytes) / Double(count)) : "-")
    let mark = judge(name, allocations)
    print(
      name.padding(toLength: max(Self.nameWidth, name.count), withPad: " ", startingAt: 0) + columns + "  " + unit
        + mark)
  }

  /// Returns the line's mark, and records what is wrong with the line.
  private func judge(_ name: String, _ allocations: Double) -> String {
    guard isJudging else { return "" }
    guard printed.insert(name).inserted else {
      findings.append("\(section): two lines are called '\(name)': give each its own name")
      return "  <- name used twice"
    }
    guard let budget = Budgets.allocations[section]?[name] else {
      findings.append(
        "\(section): '\(name)' has \(Self.number(allocations)) allocations and no budget: give it one in "
          + Budgets.file)
      return "  <- no budget"
    }
    guard allocations > budget else {
      kept += 1
      return ""
    }
    findings.append(
      "\(section): '\(name)' has \(Self.number(allocations)) allocations, its budget is \(budget): find what allocates, "
        + "or change the budget on purpose in \(Budgets.file)")
    return "  <- over the budget of \(budget)"
  }

  /// Prints the result of all budgets and returns whether all are met.
  func finish() -> Bool {
    print("")
    guard isJudging else {
      print("budgets: not checked")
      return true
    }
    for finding in findings { print(finding) }
    print(findings.isEmpty ? "budgets: all \(kept) hold" : "budgets: \(findings.count) findings, \(kept) hold")
    return findings.isEmpty
  }

  /// The resident memory of the process, in bytes.
  static func residentBytes() -> Int {
    let fields = ((try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? "").split(separator: " ")
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * 4096
  }

  // MARK: Columns

  private static let nameWidth = 56

  private static func columns(_ texts: String...) -> String {
    texts.map { String(repeating: " ", count: max(1, 12 - $0.count)) + $0 }.joined()
  }

  /// Formats a number; small ones get enough decimals to differ from zero.
  private static func number(_ value: Double) -> String {
    switch value {
    case 0: "0"
    case ..<1: String(format: "%.4f", value)
    case ..<100: String(format: "%.2f", value)
    default: String(format: "%.0f", value)
    }
  }
}
