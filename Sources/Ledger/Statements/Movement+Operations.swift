package import Primitives

extension Movement {
  /// The movement of `account` that an operation of an applied transaction made; nil if it changed nothing that the account
  /// has.
  ///
  /// - Parameter returned: what the hold gave back to its payer, if the operation ended one. The operation does not say it.
  package init?(
    of account: AccountName, by operation: Operation, at place: MovementPlace, _ time: Timestamp, _ transaction: Digest,
    returned: Amount?
  ) {
    func movement(
      _ kind: Kind, _ asset: Name, with counterparty: AccountName? = nil, _ reference: HoldReference? = nil,
      memo: [UInt8] = [], available: AmountChange = .none, held: AmountChange = .none
    ) -> Movement {
      Movement(
        place: place, blockTime: time, transaction: transaction, kind: kind, asset: asset, counterparty: counterparty,
        reference: reference, memo: memo, available: available, held: held)
    }
    let rest = returned ?? .zero
    switch operation {
    case .assetIssue(let issue) where issue.to == account:
      self = movement(.issue, issue.asset, available: .rise(issue.amount))
    case .assetRetire(let retire) where retire.from == account:
      self = movement(.retire, retire.asset, available: .fall(retire.amount))
    case .assetTransfer(let transfer) where transfer.from == account:
      self = movement(
        .transfer, transfer.asset, with: transfer.to, memo: transfer.memo, available: .fall(transfer.amount))
    case .assetTransfer(let transfer) where transfer.to == account:
      self = movement(
        .transfer, transfer.asset, with: transfer.from, memo: transfer.memo, available: .rise(transfer.amount))
    case .holdPlace(let place) where place.from == account:
      self = movement(
        .place, place.asset, with: place.to, place.reference, available: .fall(place.amount), held: .rise(place.amount))
    case .holdCapture(let capture) where capture.from == account:
      // What was held is within the supply, so both parts together are an amount.
      guard let ended = capture.amount.adding(rest) else { return nil }
      self = movement(
        .capture, capture.asset, with: capture.to, capture.reference, available: .rise(rest), held: .fall(ended))
    case .holdCapture(let capture) where capture.to == account:
      self = movement(
        .capture, capture.asset, with: capture.from, capture.reference, available: .rise(capture.amount))
    case .holdRelease(let release) where release.from == account:
      self = movement(
        .release, release.asset, with: release.to, release.reference, available: .rise(rest), held: .fall(rest))
    // Whoever is to be paid by a hold has nothing of it before it captures.
    case .holdPlace, .holdRelease, .assetIssue, .assetRetire, .assetTransfer, .holdCapture: return nil
    case .memberAdd, .memberUpdate, .memberSuspend, .memberRestore, .accountOpen, .accountFreeze, .accountUnfreeze,
      .accountClose, .assetDefine, .assetCap, .assetHandOver, .assetFreeze, .assetUnfreeze, .recordAnchor,
      .parameterSet, .directorySet, .directoryRemove, .validatorAdd, .validatorRemove,
      .validatorUpdate:
      return nil
    }
  }

  /// The movement of the payer of an expired hold: the chain returned what it still held.
  package init(
    returning amount: Amount, of asset: Name, heldFor payee: AccountName, _ reference: HoldReference,
    at place: MovementPlace, _ time: Timestamp
  ) {
    self.init(
      place: place, blockTime: time, transaction: nil, kind: .expiry, asset: asset, counterparty: payee,
      reference: reference, available: .rise(amount), held: .fall(amount))
  }
}

extension Operation {
  /// The account to which the operation may give back what it does not say: that of a hold which it ends.
  package var returnsHold: AccountName? {
    switch self {
    case .holdCapture(let capture): capture.closes ? capture.from : nil
    case .holdRelease(let release): release.from
    default: nil
    }
  }
}
