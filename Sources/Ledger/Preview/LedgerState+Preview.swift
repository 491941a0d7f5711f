public import Primitives

extension LedgerState {
  /// Tries a transaction above the tip, as if everyone who must sign had signed, and takes everything back.
  ///
  /// The signatures must have been verified. Takes about as long as admitting and executing the transaction.
  public mutating func preview(_ draft: TransactionDraft, now: Timestamp) -> TransactionPreview {
    let time = nextTime(now)
    let faults = draft.signatures.map { self.fault(of: $0) }
    let bytes = draft.bytes
    let fault = admissionFault(of: TransactionView(draft, in: bytes.span.bytes), at: time)
    // Admission allows no others.
    var counted = draft
    counted.keepSignatures { faults[$0] == nil }
    let countedBytes = counted.bytes
    let transaction = TransactionView(counted, in: countedBytes.span.bytes)
    var run = DryRun(transaction)
    begin(at: time)
    let outcome = apply(transaction, in: &run)
    perform(.rollBack)
    derived.expiries.tidy(holds.rows)
    // So that the copy of the pins does not stay in memory.
    foundPins = nil
    return TransactionPreview(
      point: tip, time: time, signatureFaults: faults, fault: fault, required: run.required, outcome: outcome)
  }

  /// Applies the operations up to the first that fails. Of the others it notes only who must sign, as far as is known.
  private mutating func apply(_ transaction: borrowing TransactionView, in run: inout DryRun) -> TransactionOutcome {
    perform(.beginTransaction)
    foundConfiguration = nil
    signers.weigh(transaction.signatures, members)
    var outcome = TransactionOutcome.applied
    var cursor = transaction.operations
    let buffer = cursor.buffer
    var index = 0
    while let operation = cursor.next() {
      run.require(operation, at: index, in: &self)
      if outcome.isApplied {
        let code = operation.apply(to: &self, buffer)
        if code != .applied { outcome = TransactionOutcome(code: code, operation: UInt32(index)) }
        if operation.changesAuthority { run.weigh(transaction.signatures, in: &self) }
      }
      index += 1
    }
    return outcome
  }

  private func fault(of signature: TransactionSignature) -> AdmissionFault? {
    guard let slot = members.slot(of: signature.member) else { return .unknownMember(signature.member) }
    guard !members.rows[Int(slot)].isSuspended else { return .suspendedMember(signature.member) }
    guard members.rows[Int(slot)].authority.keys.contains(signature.key) else {
      return .foreignKey(signature.member, signature.key)
    }
    return nil
  }
}
