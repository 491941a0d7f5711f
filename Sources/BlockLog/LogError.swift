package import Primitives

/// Why the log cannot be opened, read or extended.
package enum LogError: Error, Hashable, Sendable {
  /// The directory contains no log: this is a first start, or the directory is the wrong one or was lost.
  case noLog
  /// The directory already contains a log.
  case exists
  case disk(DiskError)
  /// Durable bytes are no longer what they were. Nothing was changed.
  case damaged(LogDamage)
  /// The log belongs to another chain.
  case wrongChain(file: String, expected: Digest, found: Digest)
  /// The log contains what another validator said; the holder of this key never said it.
  case wrongWriter(file: String, expected: PublicKey, found: PublicKey)
  case unknownVersion(file: String, version: UInt16)
  case recordTooLarge(byteCount: Int)
  /// A stretch cannot be rewritten as requested. Nothing was changed.
  case repairRefused(file: String, offset: Int, RepairRefusal)
  /// The segment cannot be pruned or copied: it is not sealed, or the log has no segment with this number.
  case notSealed(segment: UInt32)
  case carryTooLarge(byteCount: Int)
  /// There is no readable record at this address.
  case noRecord(RecordAddress)
  case closed
}

extension LogError {
  init(_ error: DiskError) { self = .disk(error) }
}

extension LogError: ExplainedError {
  package var code: String {
    switch self {
    case .noLog: "log.none"
    case .exists: "log.exists"
    case .disk(let error): error.code
    case .damaged: "log.damaged"
    case .wrongChain: "log.wrong-chain"
    case .wrongWriter: "log.wrong-writer"
    case .unknownVersion: "log.unknown-version"
    case .recordTooLarge: "log.record-too-large"
    case .repairRefused: "log.repair-refused"
    case .notSealed: "log.not-sealed"
    case .carryTooLarge: "log.carry-too-large"
    case .noRecord: "log.no-record"
    case .closed: "log.closed"
    }
  }

  package var explanation: String {
    switch self {
    case .noLog: "the directory contains no segment of a log"
    case .exists: "the directory already contains a log"
    case .disk(let error): error.explanation
    case .damaged(let damage):
      "durable data is damaged in \(damage.file) at offset \(damage.offset), height \(damage.height),"
        + " log position \(damage.position): \(damage.cause)"
    case .wrongChain(let file, let expected, let found):
      "\(file) belongs to the chain \(found), not to \(expected)"
    case .wrongWriter(let file, let expected, let found):
      "\(file) was written with the vote key \(found), not with \(expected)"
    case .unknownVersion(let file, let version):
      "\(file) has format version \(version); this program knows \(SegmentHeader.version)"
    case .recordTooLarge(let byteCount):
      "the record has \(byteCount) bytes; the limit is \(Limits.recordBytes)"
    case .repairRefused(let file, let offset, let refusal):
      "the damaged stretch in \(file) at offset \(offset) cannot be rewritten with these records: \(refusal)"
    case .notSealed(let segment):
      "segment \(segment) is not a sealed segment of the log"
    case .carryTooLarge(let byteCount):
      "the data to keep of the pruned part has \(byteCount) bytes; the limit is \(Limits.logCarryBytes)"
    case .noRecord(let address): "no record can be read at \(address)"
    case .closed: "the log was closed"
    }
  }

  package var nextStep: String {
    switch self {
    case .noLog: "for a new node, create the log; otherwise point the node at the directory that contains its data"
    case .exists: "open it, or choose an empty directory"
    case .disk(let error): error.nextStep
    case .damaged:
      "nothing was changed: make a copy of the directory and check the disk; a node with peers repairs what it can at its next "
        + "start; otherwise move the log folder away and start the node, "
        + "which fetches the chain from its peers"
    case .wrongChain: "give the node its own data directory, or the genesis file that belongs to this one"
    case .wrongWriter:
      "give the node its own log and its own keys; if its log is lost, move this one away and start the node without a log: it "
        + "then listens before it votes"
    case .unknownVersion: "run the version of the program that wrote the log, or a later one"
    case .recordTooLarge: "make the record smaller; blocks are limited below this size"
    case .repairRefused: "examine the damage again and give records that fit it, or none"
    case .notSealed: "choose one of the sealed segments that the log lists"
    case .carryTooLarge: "keep less: data that can be read from the archive need not be kept"
    case .noRecord: "rebuild the index that gave this address from the log"
    case .closed: "open the log again"
    }
  }
}
