import Ledger
import LedgerJSON
import Primitives

extension CertificateLayout {
  var operations: [Block] {
    var blocks = [
      paragraph(.operations(facts.operationCount)),
      .items(
        facts.operations.map { operation in
          CertificatePage.Item(
            number: operation.index + 1,
            text: "\(words.sentence(operation.rendered)) [\(code: operation.rendered.operation.kind.name)]",
            facts: particulars(operation.rendered.operation), mark: operation.isFailed ? words.failed : nil)
        }),
    ]
    let limit = CertificateFacts.operationLimit
    if facts.operationCount > limit {
      let failed = facts.operations.last.flatMap { $0.index >= limit ? $0.index : nil }
      blocks.append(
        remark(
          .listedOperations(
            limit: limit, count: facts.operationCount, failed: failed, transaction: facts.proved.transaction.id)))
    }
    let isInUnits = facts.operations.contains {
      $0.rendered.operation.touched.movedAsset != nil && $0.rendered.decimals == nil
    }
    if isInUnits { blocks.append(remark(.smallestUnits)) }
    return blocks
  }

  /// What the sentence of an operation leaves out.
  private func particulars(_ operation: Ledger.Operation) -> [Fact] {
    switch operation {
    case .memberAdd(let operation): text(.description, operation.description) + authority(operation.authority)
    case .memberUpdate(let operation): authority(operation.authority)
    case .memberSuspend(let operation): text(.reason, operation.reason)
    case .accountOpen(let operation): text(.description, operation.description)
    case .assetDefine(let operation): text(.description, operation.description)
    case .assetTransfer(let operation): bytes(.memo, operation.memo)
    case .holdPlace(let operation):
      reference(operation.reference) + [fact(.expires, "\(value: operation.expires.iso8601)")]
        + (operation.arbiter.map { [fact(.arbiter, "\(value: $0)")] } ?? [])
    case .holdCapture(let operation): reference(operation.reference)
    case .holdRelease(let operation): reference(operation.reference)
    case .recordAnchor(let operation):
      text(.recordKey, operation.key) + [fact(.contentDigest, operation.content)] + bytes(.metadata, operation.metadata)
    case .parameterSet(let operation): operation.configuration.map { [fact(.foundConfiguration, $0)] } ?? []
    case .directorySet(let operation):
      [
        fact(.addresses, lines: operation.node.addresses.map { "\(code: $0)" }),
        fact(.transportKeys, lines: operation.node.pins.map { "\(code: $0)" }),
      ]
    case .validatorAdd(let operation): key(operation.proof, operation.configuration)
    case .validatorRemove(let operation): [fact(.foundConfiguration, operation.configuration)]
    case .validatorUpdate(let operation): key(operation.proof, operation.configuration)
    case .memberRestore, .accountFreeze, .accountUnfreeze, .accountClose, .assetIssue, .assetRetire, .assetCap,
      .assetHandOver, .assetFreeze, .assetUnfreeze, .directoryRemove:
      []
    }
  }

  private func bytes(_ label: CertificateLabel, _ bytes: [UInt8]) -> [Fact] {
    bytes.isEmpty ? [] : [fact(label, words.text(LedgerText(bytes)))]
  }

  private func text(_ label: CertificateLabel, _ text: String) -> [Fact] { bytes(label, Array(text.utf8)) }

  private func reference(_ reference: HoldReference) -> [Fact] { bytes(.holdReference, reference.bytes) }

  private func authority(_ authority: MemberAuthority) -> [Fact] {
    let roles = authority.roles.names.map { words.role($0) }
    return [
      fact(.roles, roles.isEmpty ? words.noRoles : words.list(roles)),
      fact(.keys, lines: authority.keys.map { "\(code: $0)" }),
      fact(.threshold, "\(value: authority.threshold)"),
    ]
  }

  private func key(_ proof: KeyProof, _ configuration: Digest) -> [Fact] {
    [
      fact(.voteKey, "\(code: proof.key)"), fact(.keyProof, "\(code: proof.signature)"),
      fact(.foundConfiguration, configuration),
    ]
  }
}
