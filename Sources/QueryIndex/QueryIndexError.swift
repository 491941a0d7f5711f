internal import GRDB
package import Primitives

/// Why the query index cannot follow the chain or cannot answer. The node itself never depends on it.
package enum QueryIndexError: ExplainedError, Hashable {
  /// The file cannot be opened, created or moved.
  case unusable(path: String, reason: String)
  /// SQLite found content that it cannot have written.
  case damaged(path: String, reason: String)
  case diskFull(path: String)
  case failed(path: String, reason: String)
  /// The offered block does not follow the last indexed one.
  case notNext(expected: Height, offered: Height)
  case otherParent(height: Height, indexed: Digest, parent: Digest)
  case outcomesMissing(height: Height, transactions: Int, outcomes: Int)
  case tooHigh(height: Height)
  /// The block could not be read from the chain.
  case chainUnreadable(height: Height, explanation: String, nextStep: String)

  package var code: String {
    switch self {
    case .unusable: "index.unusable"
    case .damaged: "index.damaged"
    case .diskFull: "index.disk-full"
    case .failed: "index.failed"
    case .notNext: "index.not-next"
    case .otherParent: "index.other-parent"
    case .outcomesMissing: "index.outcomes-missing"
    case .tooHigh: "index.too-high"
    case .chainUnreadable: "index.chain-unreadable"
    }
  }

  package var explanation: String {
    switch self {
    case .unusable(let path, let reason): "the query index \(path) cannot be used: \(reason)"
    case .damaged(let path, let reason): "the query index \(path) is damaged: \(reason)"
    case .diskFull(let path): "the disk has no room for the query index \(path)"
    case .failed(let path, let reason): "the query index \(path) failed: \(reason)"
    case .notNext(let expected, let offered):
      "the query index expects block \(expected) but was given block \(offered)"
    case .otherParent(let height, let indexed, let parent):
      "block \(height) follows \(parent), but the query index has \(indexed) below it"
    case .outcomesMissing(let height, let transactions, let outcomes):
      "block \(height) came with \(outcomes) outcomes for \(transactions) transactions"
    case .tooHigh(let height): "block \(height) is above \(IndexedPlace.lastHeight), the last height the index can hold"
    case .chainUnreadable(let height, let explanation, _):
      "the query index cannot read block \(height): \(explanation)"
    }
  }

  package var nextStep: String {
    switch self {
    case .unusable: "check the permissions of the file and its directory, or set files.index to another path"
    case .damaged: "restart the node: it rebuilds the index from the log; then check the disk"
    case .diskFull: "free some space and restart the node, or set index.enabled to false"
    case .failed: "restart the node; if it happens again, stop the node, remove the index and start the node"
    case .notNext, .otherParent, .outcomesMissing, .tooHigh: "restart the node, and report this"
    case .chainUnreadable(_, _, let nextStep): nextStep
    }
  }

  /// The error for what SQLite reported about the index at `path`.
  init(_ error: any Error, path: String) {
    if let error = error as? QueryIndexError {
      self = error
      return
    }
    guard let error = error as? DatabaseError else {
      self = .failed(path: path, reason: "\(error)")
      return
    }
    let reason = "\(error.message ?? "no message") (SQLite code \(error.extendedResultCode.rawValue))"
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(path: path, reason: reason)
    case .SQLITE_FULL: self = .diskFull(path: path)
    // The file that the readers of the index share cannot grow.
    case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE: self = .diskFull(path: path)
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
      self = .unusable(path: path, reason: reason)
    default: self = .failed(path: path, reason: reason)
    }
  }
}
