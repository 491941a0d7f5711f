package import BlockLog
package import Primitives

/// Why a node cannot start.
package enum NodeError: ExplainedError {
  /// A file cannot be read; `reason` explains why.
  case unreadable(path: String, reason: String)
  /// A file cannot be written; `reason` explains why.
  case unwritable(path: String, reason: String)
  /// The vote key belongs to none of the validators in genesis.
  case notAValidator(publicKey: PublicKey, genesis: String)
  /// The transport key is not one that the chain lists for the validator.
  case wrongTransportKey(own: Digest, listed: Digest)
  case badPeerAddress(validator: String, address: String)
  /// The log of the only validator is gone, and no other node can restore the chain.
  case soleLogMissing(directory: String)
  /// The log of a chain's only validator is damaged, and no peer has its blocks.
  indirect case soleLogDamaged(directory: String, LogDamage)
  /// The log was pruned up to a height, and there is no snapshot of that height or a later one.
  case snapshotMissing(directory: String, height: Height)
  /// The log lacks the blocks up to a height, so a command that reads it offline has no state to begin with.
  case noBeginning(directory: String, height: Height)
  /// The log was written by another validator. Each is identified by its name, if genesis lists it, and its vote key.
  case anothersLog(path: String, own: String, writer: String)
  /// The operating system lets the process open fewer files than it needs.
  case tooFewDescriptors(limit: Int, need: Int)
  /// The archive contains a segment that another validator wrote. Both are identified by their vote keys.
  case anothersArchive(path: String, own: PublicKey, writer: PublicKey)
  case log(LogError)
  /// A record of the log, or the log as a whole, is not consistent.
  case history(any ExplainedError)

  private var cause: (any ExplainedError)? {
    switch self {
    case .log(let error): error
    case .history(let error): error
    default: nil
    }
  }

  package var code: String {
    switch self {
    case .unreadable: "node.unreadable-file"
    case .unwritable: "node.unwritable-file"
    case .notAValidator: "node.not-a-validator"
    case .wrongTransportKey: "node.wrong-transport-key"
    case .badPeerAddress: "node.bad-peer-address"
    case .soleLogMissing: "node.log-missing"
    case .soleLogDamaged: "node.log-damaged"
    case .snapshotMissing: "node.snapshot-missing"
    case .noBeginning: "log.no-beginning"
    case .anothersLog, .anothersArchive: "log.wrong-writer"
    case .tooFewDescriptors: "node.too-few-descriptors"
    case .log, .history: cause?.code ?? ""
    }
  }

  package var explanation: String {
    switch self {
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
    case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)"
    case .notAValidator(let key, let genesis):
      "the vote key \(key) belongs to no validator of \(genesis)"
    case .wrongTransportKey(let own, let listed):
      "the transport key's pin is \(own), but the chain lists \(listed) for this validator"
    case .badPeerAddress(let validator, let address):
      "the address '\(address)' of validator \(validator) is not host:port"
    case .soleLogMissing(let directory): "\(directory) has no log, and this node is the chain's only validator"
    case .soleLogDamaged(let directory, let damage):
      "\(LogError.damaged(damage).explanation), in \(directory); this node is the chain's only validator, so that no peer "
        + "has its blocks"
    case .snapshotMissing(let directory, let height):
      "\(directory) has no blocks up to height \(height), and there is no snapshot of that height or a later one"
    case .noBeginning(let directory, let height):
      "the blocks up to height \(height) are not in \(directory), and there is no valid snapshot of that height or a later "
        + "one"
    case .anothersArchive(let path, let own, let writer):
      "\(path) is already in the archive and was written with the vote key \(writer), not with this node's key \(own)"
    case .anothersLog(let path, let own, let writer): "\(path) was written by \(writer), but this node is \(own)"
    case .tooFewDescriptors(let limit, let need):
      "the limit of open files and connections is \(limit), but the node needs at least \(need)"
    case .log, .history: cause?.explanation ?? ""
    }
  }

  package var nextStep: String {
    switch self {
    case .unreadable, .unwritable: "check the path and its permissions"
    case .notAValidator: "use a key file and a genesis file that belong together"
    case .wrongTransportKey: "use the transport key and certificate made for this validator"
    case .badPeerAddress: "correct the address in genesis, or override it under 'peers' in node.yaml"
    case .soleLogMissing:
      "restore the log folder from a backup, or only the file `nodes` if the chain has other validators by now; if it has "
        + "none, the chain is lost without the log, and a new chain needs a new genesis"
    case .soleLogDamaged:
      "nothing was changed: make a copy of the directory and check the disk; then put back this file from a copy that was "
        + "made after the segment was full, or from the archive; only what lies before the damage can be read otherwise"
    case .snapshotMissing:
      "restore a snapshot from a backup or another node of this chain; or move the log folder away and start the "
        + "node, which then fetches the state from its peers"
    case .noBeginning:
      "give the folder with the older segments: --archive DIR or history.archive; or restore a snapshot from a backup or "
        + "another node of this chain"
    case .anothersArchive:
      "set history.archive in node.yaml to a folder that only this node uses, and restart it; nothing was overwritten, and "
        + "nothing has left the log"
    case .anothersLog:
      "give the node its own log and its own keys; if its log is lost, move this one away and start the node without a log: "
        + "it then listens before it votes"
    case .tooFewDescriptors:
      "raise the hard limit: 'ulimit -Hn' in a shell, LimitNOFILE= in a systemd unit, nofile in limits.conf"
    case .log, .history: cause?.nextStep ?? ""
    }
  }
}
