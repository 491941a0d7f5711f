package import Primitives

/// Decides which findings belong into the log: those that are new, and those that are over.
package struct Announcements: Sendable {
  package enum Line: Equatable, Sendable {
    case began(Finding)
    case ended(Finding)
  }

  private var known: [Finding.Identity: Finding] = [:]

  package init() {}

  /// What changed since the last call, in the order of the findings, and then what is over.
  package mutating func update(_ findings: [Finding]) -> [Line] {
    var current: [Finding.Identity: Finding] = [:]
    var lines: [Line] = []
    for finding in findings {
      if known[finding.identity] == nil, current[finding.identity] == nil { lines.append(.began(finding)) }
      current[finding.identity] = finding
    }
    let over = known.filter { current[$0.key] == nil }.values.sorted { $0.since < $1.since }
    lines += over.map { .ended($0) }
    known = current
    return lines
  }
}
