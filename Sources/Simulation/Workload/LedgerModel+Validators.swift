internal import Cryptography
internal import Ledger
internal import Primitives

// The directory and the validators.
extension LedgerModel {
  mutating func set(_ node: DirectoryEntry) -> OutcomeCode {
    if members[node.member] == nil { return .memberUnknown }
    if let known = directory[node.name], known.member != node.member { return .directoryOtherMember }
    let others = [directory, foundDirectory].flatMap { $0.values }.filter { $0.name != node.name }
    if others.contains(where: { !Set($0.pins).isDisjoint(with: node.pins) }) { return .directoryPinInUse }
    if directory[node.name] == nil, directory.count >= Limits.nodes { return .directoryFull }
    directory[node.name] = node
    return .applied
  }

  mutating func remove(_ operation: DirectoryRemove) -> OutcomeCode {
    if directory[operation.name] == nil { return .directoryUnknownNode }
    let validators = configuration.validators + epochConfiguration.validators
    if validators.contains(where: { $0.name == operation.name }) { return .directoryValidator }
    directory[operation.name] = nil
    return .applied
  }

  mutating func add(_ operation: ValidatorAdd) -> OutcomeCode {
    let name = operation.proof.validator
    if operation.configuration != found { return .configurationOutdated }
    guard let node = directory[name] else { return .directoryUnknownNode }
    if configuration.validators.contains(where: { $0.name == name }) { return .validatorExists }
    if configuration.validators.count >= Limits.validators { return .validatorTooMany }
    if let fault = voteKeyFault(operation.proof) { return fault }
    configuration.validators.append(
      ConfiguredValidator(name: name, member: node.member, voteKey: operation.proof.key))
    return .applied
  }

  mutating func remove(_ operation: ValidatorRemove) -> OutcomeCode {
    if operation.configuration != found { return .configurationOutdated }
    let rest = configuration.validators.filter { $0.name != operation.name }
    if rest.count == configuration.validators.count { return .validatorUnknown }
    if rest.isEmpty { return .validatorLast }
    configuration.validators = rest
    keyChanges[operation.name] = nil
    return .applied
  }

  mutating func update(_ operation: ValidatorUpdate, _ acting: Set<Name>) -> OutcomeCode {
    let name = operation.proof.validator
    guard let index = configuration.validators.firstIndex(where: { $0.name == name }) else { return .validatorUnknown }
    let isAlone = !areAdministrators(acting)
    if isAlone, !acting.contains(configuration.validators[index].member) { return .authorityMissing }
    if operation.configuration != found { return .configurationOutdated }
    if isAlone, let last = keyChanges[name], blockTime.rawValue < last.rawValue + 86_400_000 {
      return .validatorKeyChangedRecently
    }
    if let fault = voteKeyFault(operation.proof) { return fault }
    configuration.validators[index].voteKey = operation.proof.key
    if isAlone { keyChanges[name] = blockTime }
    return .applied
  }

  private func voteKeyFault(_ proof: KeyProof) -> OutcomeCode? {
    if (try? proof.key.check(suite)) == nil { return .validatorInvalidKey }
    let others = epochConfiguration.validators.filter { $0.name != proof.validator }
    let isUsed = (configuration.validators + others).contains { $0.voteKey == proof.key }
    return isUsed ? .validatorKeyInUse : nil
  }

  /// The first difference in what says who the nodes are and who votes.
  func differenceInEpochs(from state: borrowing LedgerState) -> String? {
    if state.settledConfiguration != configuration { return "the configuration is another than the model's" }
    let nodes = state.settledNodes
    if nodes.count != directory.count {
      return "the directory has \(nodes.count) nodes, the model's \(directory.count)"
    }
    for node in nodes where directory[node.name] != node {
      return "the directory's node \(node.name) is another than the model's"
    }
    for name in directory.keys.sorted() where state.settledKeyChange(of: name) != keyChanges[name] {
      return "the last change of the key of \(name) is at another time than the model's"
    }
    return nil
  }
}
