import Ledger
import LedgerJSON

extension EnglishWords {
  func sentence(_ rendered: RenderedOperation) -> Phrase {
    switch rendered.operation {
    case .memberAdd(let operation):
      "Admit \(value: operation.name) as a member, and open the account of the same name."
    case .memberUpdate(let operation):
      "Give member \(value: operation.name) the following roles and keys in place of its earlier ones."
    case .memberSuspend(let operation): "Suspend member \(value: operation.name)."
    case .memberRestore(let operation): "Lift the suspension of member \(value: operation.name)."
    case .accountOpen(let operation): "Open account \(value: operation.account)."
    case .accountFreeze(let operation):
      "Freeze account \(value: operation.account): it can no longer pay, but can still receive."
    case .accountUnfreeze(let operation): "Lift the freeze of account \(value: operation.account)."
    case .accountClose(let operation): "Close account \(value: operation.account)."
    case .assetDefine(let operation):
      """
      Define asset \(value: operation.asset), which \(value: operation.issuer) issues, \
      with \(count(Int(operation.decimals), "decimal", "decimals")).
      """
    case .assetIssue(let operation):
      "Issue \(amount(operation.amount, operation.asset, rendered.decimals)) to account \(value: operation.to)."
    case .assetRetire(let operation):
      "Retire \(amount(operation.amount, operation.asset, rendered.decimals)) from account \(value: operation.from)."
    case .assetTransfer(let operation):
      """
      Transfer \(amount(operation.amount, operation.asset, rendered.decimals)) \
      from account \(value: operation.from) to account \(value: operation.to).
      """
    case .assetCap(let operation):
      """
      Limit what may exist of asset \(value: operation.asset) at once \
      to \(amount(operation.cap, operation.asset, rendered.decimals)).
      """
    case .assetHandOver(let operation):
      "Make member \(value: operation.to) the issuer of asset \(value: operation.asset)."
    case .assetFreeze(let operation):
      """
      Freeze asset \(value: operation.asset): its units can neither move nor be issued, retired, set aside or captured.
      """
    case .assetUnfreeze(let operation): "Lift the freeze of asset \(value: operation.asset)."
    case .holdPlace(let operation):
      """
      Set \(amount(operation.amount, operation.asset, rendered.decimals)) aside \
      from account \(value: operation.from) for account \(value: operation.to), until the following time.
      """
    case .holdCapture(let operation):
      """
      Pay \(amount(operation.amount, operation.asset, rendered.decimals)) of what was set aside \
      from account \(value: operation.from) to account \(value: operation.to)\(words: operation.closes ? closing : "").
      """
    case .holdRelease(let operation):
      """
      Return the \(value: operation.asset) that was set aside for account \(value: operation.to) \
      to account \(value: operation.from).
      """
    case .recordAnchor(let operation):
      """
      Record in collection \(value: operation.collection), in the name of \(value: operation.author), \
      the digest of a document as the next version of the following key.
      """
    case .parameterSet(let operation):
      """
      Set the chain's parameter \(code: operation.parameter.name) (\(meaning(operation.parameter))) \
      to \(value: operation.value).
      """
    case .directorySet(let operation):
      """
      Enter node \(value: operation.node.name) of member \(value: operation.node.member) in the directory of nodes, \
      or replace its entry.
      """
    case .directoryRemove(let operation): "Remove node \(value: operation.name) from the directory of nodes."
    case .validatorAdd(let operation): "Make node \(value: operation.proof.validator) a validator."
    case .validatorRemove(let operation):
      "Make validator \(value: operation.name) an observer, which follows the chain and does not vote."
    case .validatorUpdate(let operation): "Change the vote key of validator \(value: operation.proof.validator)."
    }
  }

  /// Said of a capture after which nothing stays set aside.
  private var closing: String { ", and return the rest" }

  private func amount(_ amount: Amount, _ asset: Name, _ decimals: UInt8?) -> Phrase {
    let units = amount == Amount(1) ? "smallest unit" : "smallest units"
    guard let decimals else { return "\(value: amount) \(words: units) of \(value: asset)" }
    return "\(value: amount.text(decimals: Int(decimals))) \(value: asset) (\(value: amount) \(words: units))"
  }
}
