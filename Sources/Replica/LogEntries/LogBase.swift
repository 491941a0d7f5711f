package import Primitives

/// What must be known about the pruned part of a log: the height up to which its blocks are gone, and what it said
/// about voting. The log keeps it as the bytes of the carry (`BlockLog.prune`).
package struct LogBase: Equatable, Sendable {
  /// Blocks above this height are completely in the log.
  package var height: Height
  package var origin: LogOrigin
  /// The last voting bar.
  package var votingBar: Round?
  /// Whether the pruned part said that own votes may be lost and set no bar after that.
  package private(set) var areVotesLost: Bool
  /// The node's own keys besides that of the log's writer.
  package private(set) var keys: OwnKeys

  package init(
    height: Height, origin: LogOrigin, votingBar: Round?, areVotesLost: Bool = false, keys: OwnKeys = OwnKeys()
  ) {
    self.height = height
    self.origin = origin
    self.votingBar = votingBar
    self.areVotesLost = areVotesLost
    self.keys = keys
  }

  /// Takes over what a record says.
  package mutating func take(_ entry: DecodedEntry) {
    switch entry {
    case .votingBar(let bar):
      votingBar = bar.round
      areVotesLost = false
      keys.takeBar()
    case .ownKey(let key): keys.take(key)
    default: break
    }
  }

  /// Notes that own votes may be lost.
  package mutating func loseVotes() {
    areVotesLost = true
    keys.loseVotes()
  }

  /// Encodes version, height, origin, 1 if votes may be lost, otherwise 0, then 1 and the bar, or 0. In version 1 the bar is
  /// a view of the first epoch; in the others, an epoch and a view. Version 3 ends with the own keys, of which the others
  /// have none.
  package func encoded() -> [UInt8] {
    var writer = Writer(capacity: 32)
    let isOfFirst = votingBar?.epoch ?? .first == .first
    let version: UInt8 = keys.list.isEmpty ? isOfFirst ? 1 : 2 : 3
    writer.byte(version)
    writer.integer(height.rawValue)
    writer.byte(origin.rawValue)
    writer.byte(areVotesLost ? 1 : 0)
    writer.byte(votingBar == nil ? 0 : 1)
    if let votingBar {
      if version > 1 { writer.integer(votingBar.epoch.rawValue) }
      writer.integer(votingBar.view.rawValue)
    }
    if version > 2 { keys.encode(into: &writer) }
    return writer.bytes
  }

  package init(_ bytes: [UInt8]) throws(CodecError) {
    self = try Reader.whole(bytes) { (reader) throws(CodecError) in
      let version = try reader.byte()
      guard (1...3).contains(version) else { throw .unknown(field: "log base version", value: UInt64(version)) }
      let height = Height(try reader.integer())
      let origin = try LogOrigin(from: &reader)
      let areVotesLost = try Self.flag(&reader, "lost votes flag")
      var bar: Round?
      if try Self.flag(&reader, "bar flag") {
        let epoch = version == 1 ? Epoch.first : Epoch(try reader.integer())
        bar = Round(epoch: epoch, view: View(try reader.integer()))
      }
      guard version != 2 || bar.map({ $0.epoch > .first }) ?? false else {
        throw .invalid(field: "log base (version 2 is of a bar of a later epoch than the first)")
      }
      return LogBase(
        height: height, origin: origin, votingBar: bar, areVotesLost: areVotesLost,
        keys: version > 2 ? try OwnKeys(from: &reader) : OwnKeys())
    }
  }

  private static func flag(_ reader: inout Reader, _ field: StaticText) throws(CodecError) -> Bool {
    let raw = try reader.byte()
    guard raw <= 1 else { throw .unknown(field: field, value: UInt64(raw)) }
    return raw == 1
  }
}
