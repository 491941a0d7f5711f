package import Primitives

/// Decides which findings belong into the log: those that are new, and those that are over.
package struct Announcements: Sendable {
  package enum Line: Equatable, Sendable {
    case began(Finding)
    case ended(Finding)
  }

  /// What findings are the same over time.
  private struct Key: Hashable {
    var code: String
    var subject: Finding.Subject
  }

  private var known: [Key: Finding] = [:]

  package init() {}

  /// What changed since the last call, in the order of the findings, and then what is over.
  package mutating func update(_ findings: [Finding]) -> [Line] {
    var current: [Key: Finding] = [:]
    var lines: [Line] = []
    for finding in findings {
      let key = Key(code: finding.code, subject: finding.subject)
      if known[key] == nil, current[key] == nil { lines.append(.began(finding)) }
      current[key] = finding
    }
    let over = known.filter { current[$0.key] == nil }.values.sorted { $0.since < $1.since }
    lines += over.map { .ended($0) }
    known = current
    return lines
  }
}
