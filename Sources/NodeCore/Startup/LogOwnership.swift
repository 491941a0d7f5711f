package import BlockLog
package import Primitives
internal import Replica

/// Whose log it is, if its node had another vote key when it began the log.
package enum LogOwnership {
  /// Whether the log says that this key is its node's, in its prune mark or in a record. Damaged records say nothing.
  package static func names<Storage: Disk>(_ key: PublicKey, in reader: LogReader<Storage>) -> Bool {
    guard let (survey, entries) = try? reader.survey() else { return false }
    if let base = survey.pruned.flatMap({ try? LogBase($0.carry) }), base.keys[key] != nil { return true }
    var cursor = entries
    while let entry = try? cursor.nextEntry() {
      guard case .record(let record) = entry, record.kind == OwnKey.entryKind.rawValue else { continue }
      if let own = try? OwnKey(payload: record.payload), own.key == key { return true }
    }
    return false
  }
}
