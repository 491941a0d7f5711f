import LedgerJSON
import Primitives

/// The answer of `why`: the findings of all nodes that were asked, each once, the worst first.
struct WhyAnswer: Encodable {
  /// A finding and who has it.
  struct Item: Encodable {
    var finding: Finding
    var nodes: [String]

    private enum CodingKeys: String, CodingKey { case nodes }

    func encode(to encoder: any Encoder) throws {
      try finding.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(nodes, forKey: .nodes)
    }
  }

  /// Whether transactions become final: a node that has no critical finding sees that they do.
  var working: Bool
  /// The nodes that were asked, and those that have no critical finding.
  var nodes: [String]
  var healthy: [String]
  var findings: [Item]

  var isCritical: Bool { findings.contains { $0.finding.severity == .critical } }

  init(_ reports: [NodeReport]) {
    working = reports.contains { $0.isHealthy && $0.status != nil }
    nodes = reports.map(\.name)
    healthy = reports.filter(\.isHealthy).map(\.name)
    var items: [Finding.Identity: Item] = [:]
    var order: [Finding.Identity] = []
    func add(_ finding: Finding, _ name: String?) {
      // A node that says something of itself need not name itself.
      var finding = finding
      if finding.subject.name == nil, finding.subject.kind != .chain { finding.subject.name = name }
      let key = finding.identity
      if items[key] == nil { order.append(key) }
      var item = items[key] ?? Item(finding: finding, nodes: [])
      item.finding.since = min(item.finding.since, finding.since)
      if let name { item.nodes.append(name) }
      items[key] = item
    }
    // What is seen from outside comes first: that a process does not run explains what the others find.
    let outside = Set(WhyCode.allCases.map(\.rawValue))
    for report in reports {
      for finding in report.findings where outside.contains(finding.code) { add(finding, report.name) }
    }
    for report in reports {
      for finding in report.findings where !outside.contains(finding.code) { add(finding, report.name) }
    }
    if let versions = Self.versions(reports) { add(versions, nil) }
    findings = order.compactMap { items[$0] }.enumerated()
      .sorted { ($1.element.finding.severity, $0.offset) < ($0.element.finding.severity, $1.offset) }.map(\.element)
  }

  private static func versions(_ reports: [NodeReport]) -> Finding? {
    let known = reports.compactMap { report in report.status.map { (report.name, $0.versions.software) } }
    let groups = Dictionary(grouping: known) { $0.1 }
    guard groups.count > 1 else { return nil }
    let text = groups.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.map(\.0).joined(separator: ", "))" }
    return Finding(
      code: WhyCode.versionsDiffer.rawValue, severity: .notice, since: SystemClock.now,
      subject: Finding.Subject(.chain),
      explanation: "the nodes run different versions: \(text.joined(separator: "; "))",
      nextStep:
        "finish the upgrade when it suits; nodes of different versions work together as long as they know the rules")
  }

  func print() {
    for item in findings {
      let finding = item.finding
      let style: Console.Style = finding.severity == .critical ? .red : finding.severity == .warning ? .yellow : .dim
      let subject = finding.subject.name.map { " \(Printable.text($0))" } ?? ""
      Console.print(
        "\(Console.styled("\(finding.severity)", style)) [\(Printable.text(finding.code))]\(subject), since \(finding.since.iso8601)"
          + (item.nodes.isEmpty || item.nodes == [finding.subject.name]
            ? "" : ", says \(item.nodes.joined(separator: ", "))"))
      Console.print("  \(Printable.text(finding.explanation))")
      Console.next(Printable.text(finding.nextStep))
    }
    let verdict =
      working
      ? Console.styled("transactions become final", .green) : Console.styled("nothing becomes final", .red)
    Console.print(
      "\(verdict): \(healthy.count) of \(nodes.count) \(nodes.count == 1 ? "node" : "nodes") healthy")
  }
}
