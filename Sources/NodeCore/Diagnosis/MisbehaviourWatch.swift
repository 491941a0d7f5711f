package import Primitives

/// Remembers what each peer sent last that a correct node never sends, and decides which of it is worth a line in the log.
package struct MisbehaviourWatch: Sendable {
  /// What one peer did.
  package struct Entry: Equatable, Sendable {
    package var code: String
    package var explanation: String
    package var times: UInt64
    package var first: Tick
    package var last: Tick
    /// When it was logged, and how often it was not since then.
    fileprivate var logged: Tick
    fileprivate var unsaid = 0
  }

  /// How long a peer that misbehaved is named, in microseconds.
  package static let memory: UInt64 = 600_000_000
  /// The pause between two lines about the same peer in microseconds, and that before a line about something else.
  private static let loggingPause: UInt64 = 1_000_000
  private static let briefPause: UInt64 = 100_000

  private var entries: [String: Entry] = [:]

  /// Notes what a peer did.
  /// - Returns: if this belongs into the log, how often it happened since the last time that did; nil if it does not,
  ///   because the log would fill up.
  mutating func note(_ name: String, code: String, explanation: String, _ now: Tick) -> Int? {
    var seen =
      entries[name]
      ?? Entry(code: code, explanation: explanation, times: 0, first: now, last: now, logged: now)
    let isFirst = seen.times == 0
    let isAnother = seen.code != code && now.microseconds(since: seen.logged) >= Self.briefPause
    if now.microseconds(since: seen.last) > Self.memory { seen.first = now }
    seen.code = code
    seen.explanation = explanation
    seen.times += 1
    seen.last = now
    defer { entries[name] = seen }
    guard isFirst || isAnother || now.microseconds(since: seen.logged) >= Self.loggingPause else {
      seen.unsaid += 1
      return nil
    }
    defer { seen.unsaid = 0 }
    seen.logged = now
    return seen.unsaid
  }

  /// What the peers that misbehaved recently did, ordered by their names.
  package func recent(_ now: Tick) -> [(name: String, entry: Entry)] {
    entries.filter { now.microseconds(since: $0.value.last) <= Self.memory }
      .map { ($0.key, $0.value) }
      .sorted { $0.name < $1.name }
  }

  func symptoms(_ now: Tick) -> [Symptom] {
    recent(now).map { name, entry in
      let seconds = now.microseconds(since: entry.last) / 1_000_000
      return Symptom(
        .misbehaving, since: entry.first, Finding.Subject(.peer, name),
        "\(name) sent what no correct node sends, \(entry.times) times since this node started, last \(seconds) s ago: "
          + "[\(entry.code)] \(entry.explanation)",
        nextStep: "tell its operator; this node goes on without what it sent")
    }
  }
}
