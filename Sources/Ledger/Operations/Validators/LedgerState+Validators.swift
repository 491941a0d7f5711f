internal import Primitives

// Shared by the operations of validators and the directory, by genesis and by snapshots.
extension LedgerState {
  // MARK: The directory

  /// The node of that name; nil if the directory has none.
  func node(_ name: Name) -> DirectoryEntry? {
    directory.slot(of: name).flatMap { directory.rows[Int($0)].node }
  }

  /// Whether a pin belongs to no node but `name`, now and when the block began. A pin that went from one node to another
  /// within a block could be recognised as either.
  func isFree(_ pin: Digest, for name: Name) -> Bool {
    let slot = directory.slot(of: name)
    func isFree(_ holders: [Digest: UInt32]?) -> Bool {
      guard let holder = holders?[pin] else { return true }
      return holder == slot
    }
    return isFree(derived.pinHolders) && isFree(foundPins)
  }

  /// Adds, replaces or removes the node of that name. Nothing else may change the directory.
  mutating func replaceNode(_ name: Name, with node: DirectoryEntry?) {
    foundPins = foundPins ?? derived.pinHolders
    if let slot = directory.slot(of: name) {
      derived.replace(directory.rows[Int(slot)].node, with: node, in: slot)
      directory.change(slot) { $0.node = node }
    } else if let node {
      let slot = directory.create(NodeRow(node))
      derived.replace(nil, with: node, in: slot)
    }
  }

  // MARK: The configuration

  /// Changes the configuration. Nothing else may.
  mutating func changeConfiguration(_ body: (inout ChainConfiguration) -> Void) {
    configurationTable.change(0) { body(&$0.value) }
    configurationDigest = nil
  }

  /// Whether this is the configuration that the transaction found. To be asked before one of its operations changes it.
  mutating func findsConfiguration(_ wanted: Digest) -> Bool {
    let found = foundConfiguration ?? presentConfiguration()
    foundConfiguration = found
    return found == wanted
  }

  /// The digest of the configuration, computed once after each change.
  mutating func presentConfiguration() -> Digest {
    let digest = configurationDigest ?? configuration.digest(hash: &hash)
    configurationDigest = digest
    return digest
  }

  /// The place of a validator in the configuration.
  func index(ofValidator name: Name) -> Int? {
    configurationTable.rows[0].value.validators.firstIndex { $0.name == name }
  }

  /// The reason why a key cannot become the vote key of the validator `name`; `applied` if it can. It must not be any
  /// validator's now, and no other's in the running epoch, so that no vote can be taken for another validator's.
  func voteKeyFault(_ key: PublicKey, of name: Name) -> OutcomeCode {
    guard key.isValid(chain.suite) else { return .validatorInvalidKey }
    guard !configuration.validators.contains(where: { $0.voteKey == key }),
      !epochConfiguration.validators.contains(where: { $0.voteKey == key && $0.name != name })
    else { return .validatorKeyInUse }
    return .applied
  }

  // MARK: Changes of vote keys by members

  /// Whether the validator's member changed its key so recently that it must wait.
  func changedKeyRecently(_ validator: Name) -> Bool {
    guard let slot = keyChanges.slot(of: validator), let time = keyChanges.rows[Int(slot)].time else { return false }
    return blockTime < time.advanced(byMilliseconds: Limits.keyChangeMilliseconds)
  }

  /// Notes or forgets when the validator's member changed its key.
  mutating func noteKeyChange(_ validator: Name, at time: Timestamp?) {
    if let slot = keyChanges.slot(of: validator) {
      if keyChanges.rows[Int(slot)].time != time { keyChanges.change(slot) { $0.time = time } }
    } else if let time {
      keyChanges.create(KeyChangeRow(validator: validator, time: time))
    }
  }
}
