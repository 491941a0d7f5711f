public import Primitives

// The conditions for voting for a block and for admitting a transaction. Signatures are verified elsewhere, once;
// only what depends on the state is checked here.
extension LedgerState {
  /// The reason why `block` cannot follow the tip; nil if it can. The clock plays no part (attack C14).
  public func fault(in block: Block) -> BlockFault? {
    guard let expected = tip.height.next else { return .noHeightLeft }
    let header = block.header
    guard header.height == expected else { return .height(header.height, expected: expected) }
    guard header.parent == tip.block else { return .parent(header.parent, expected: tip.block) }
    guard header.parentResult == tip.result || Mutation.skipParentResult.isOn else {
      return .parentResult(header.parentResult, expected: tip.result)
    }
    guard header.timestamp > tip.timestamp || Mutation.skipTimestamp.isOn else {
      return .timestamp(header.timestamp, parent: tip.timestamp)
    }
    let parameters = parameters
    guard block.bytes.count <= parameters.blockBytes else {
      return .tooLarge(bytes: block.bytes.count, limit: Int(parameters.blockBytes))
    }
    guard block.operationCount <= parameters.blockOperations else {
      return .tooManyOperations(block.operationCount, limit: Int(parameters.blockOperations))
    }
    var seen = Set<Digest>(minimumCapacity: block.count)
    for index in 0..<block.count {
      let transaction = block.transaction(at: index)
      if let fault = fault(of: transaction, at: header.timestamp) {
        return .transaction(index: index, fault)
      }
      guard seen.insert(transaction.id).inserted else {
        return .repeatedTransaction(index: index, transaction.id)
      }
    }
    return nil
  }

  /// The reason why `transaction` cannot be in a block that follows the tip and has this time; nil if it can. Whether
  /// its operations have enough signatures is not checked, because that decides the outcome.
  public func fault(of transaction: borrowing TransactionView, at time: Timestamp) -> AdmissionFault? {
    let rules = configurationTable.rows[0].value.rulesVersion
    guard transaction.layout.rules <= rules else { return .laterRules(transaction.layout.rules, chain: rules) }
    let validUntil = transaction.layout.validUntil
    guard validUntil >= time else { return .expired(validUntil: validUntil, time: time) }
    let latest = time.advanced(byMilliseconds: UInt64(parametersTable.rows[0].value.validityMilliseconds))
    guard validUntil <= latest else { return .tooFarAhead(validUntil: validUntil, latest: latest) }
    guard !identities.contains(transaction.id) else { return .alreadyApplied(transaction.id) }
    var cursor = transaction.signatures
    var last: (name: Name, slot: UInt32)?
    while let signature = cursor.next() {
      let slot: UInt32
      if let last, last.name == signature.member {
        slot = last.slot
      } else {
        guard let found = members.slot(of: signature.member) else { return .unknownMember(signature.member) }
        guard !members.rows[Int(found)].isSuspended else { return .suspendedMember(signature.member) }
        slot = found
        last = (signature.member, found)
      }
      guard members.rows[Int(slot)].authority.keys.contains(signature.key) else {
        return .foreignKey(signature.member, signature.key)
      }
    }
    return nil
  }

  /// The reason why `transaction` should not be admitted; nil if it should. Requires that it can be in the next block
  /// and has the signatures that its operations need, as far as that is known before they are applied.
  public func admissionFault(_ transaction: SignedTransaction, now: Timestamp) -> AdmissionFault? {
    admissionFault(of: transaction.view, at: nextTime(now))
  }

  func admissionFault(of transaction: borrowing TransactionView, at time: Timestamp) -> AdmissionFault? {
    fault(of: transaction, at: time) ?? missingAuthority(transaction)
  }

  /// The time of the next block, which is after the tip's.
  func nextTime(_ now: Timestamp) -> Timestamp { max(now, tip.timestamp.advanced(byMilliseconds: 1)) }

  /// The first operation for which the signatures are not enough. Stops after an operation that changes who may act,
  /// and finds no fault with an asset or a validator that does not exist, because an earlier operation may create it.
  private func missingAuthority(_ transaction: borrowing TransactionView) -> AdmissionFault? {
    var signers = Signers()
    signers.weigh(transaction.signatures, members)
    var cursor = transaction.operations
    var index = 0
    while let operation = cursor.next() {
      switch missingAuthority(operation, signers) {
      case .there: break
      case .missing(let code): return .missingAuthority(operation: index, code)
      case .noSuchMember(let name): return .noSuchMember(operation: index, name)
      }
      if operation.changesAuthority { return nil }
      index += 1
    }
    return nil
  }

  /// Whether everyone who must sign for an operation has signed.
  private enum Authority: Equatable {
    case there
    case missing(OutcomeCode)
    case noSuchMember(Name)
  }

  private func missingAuthority(_ operation: OperationView, _ signers: Signers) -> Authority {
    switch operation.requiredAuthority {
    case .administrators: areAdministrators(signers) ? .there : .missing(.administratorsMissing)
    case .administratorsOrRegistrar:
      areAdministrators(signers) || signers.registrar != nil ? .there : .missing(.administratorsMissing)
    case .member(let name): lacking(name, signers)
    case .issuer(let asset): lackingIssuer(asset, signers)
    case .holdParty(let terms, let includingPayer):
      areParty(terms, includingPayer, signers) ? .there : .missing(.authorityMissing)
    case .issuerAndMember(let asset, let name):
      lackingIssuer(asset, signers) == .there ? lacking(name, signers) : .missing(.authorityMissing)
    case .administratorsOrMember(let validator):
      areAdministrators(signers) ? .there : lackingMember(of: validator, signers)
    }
  }

  private func areAdministrators(_ signers: Signers) -> Bool {
    signers.administrators >= parameters.administratorThreshold
  }

  private func lacking(_ member: Name, _ signers: Signers) -> Authority {
    guard let slot = members.slot(of: member) else { return .noSuchMember(member) }
    return signers.contains(slot) ? .there : .missing(.authorityMissing)
  }

  /// Whether a party of the hold has signed. True of a hold that is not open on these terms, because an earlier operation may
  /// place it.
  private func areParty(_ terms: HoldTerms, _ includingPayer: Bool, _ signers: Signers) -> Bool {
    guard let hold = openHold(terms) else { return true }
    return signers.contains(hold.arbiter) || signers.contains(accounts.rows[Int(hold.payee)].owner)
      || (includingPayer && signers.contains(accounts.rows[Int(hold.account)].owner))
  }

  private func lackingMember(of validator: Name, _ signers: Signers) -> Authority {
    guard let index = index(ofValidator: validator) else { return .there }
    return lacking(configuration.validators[index].member, signers)
  }

  private func lackingIssuer(_ asset: Name, _ signers: Signers) -> Authority {
    guard let slot = assets.slot(of: asset) else { return .there }
    return signers.contains(assets.rows[Int(slot)].issuer) ? .there : .missing(.authorityMissing)
  }
}
