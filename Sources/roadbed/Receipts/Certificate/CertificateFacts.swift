import Cryptography
import Ledger
import LedgerJSON
import Primitives

/// What a certificate page says, in no language: a verified receipt, and what follows from it.
struct CertificateFacts {
  /// The maximum numbers of operations and of closings that a page lists. It counts the rest.
  static let operationLimit = 200
  static let closingLimit = 100

  struct ListedOperation {
    var index: Int
    var rendered: RenderedOperation
    var isFailed: Bool
  }

  struct ValidatorVote {
    var validator: ConfiguredValidator
    var isSigner: Bool
  }

  /// The votes of the validators that one member runs.
  struct OrganisationVotes {
    var member: Name
    var validators = 0
    var signed = 0
  }

  /// An epoch that is over, and the validators of the next one.
  struct PassedEpoch {
    var epoch: Epoch
    var height: Height
    /// Nil if the checkpoint vouches for the closing, so that its signatures were not verified.
    var signatures: Int?
    var result: Digest
    var next: [ConfiguredValidator]
  }

  let genesis: Genesis
  let receipt: Receipt
  let proved: VerifiedReceipt
  let checkpoint: Checkpoint?
  let names: CertificateFiles
  let fileDigest: Digest

  let operationCount: Int
  let operations: [ListedOperation]
  let transactionLeaf: Digest
  let outcomeLeaf: Digest
  let resultDigest: Digest
  /// What the certificate is about: the last header's block and its result.
  let certifiedHeight: Height
  let certified: Proposal
  let certifiedResult: Digest
  let quorum: Quorum
  let votes: [ValidatorVote]
  let organisations: [OrganisationVotes]
  let passed: [PassedEpoch]
  /// The closings before that of the checkpoint. Nothing of them was verified, so a page says nothing else about them.
  let unusedClosings: Int

  init(_ checked: CheckedReceipt, checkpoint: Checkpoint?, names: CertificateFiles) throws(ReceiptError) {
    let (genesis, receipt, proved) = (checked.genesis, checked.receipt, checked.proved)
    self.genesis = genesis
    self.receipt = receipt
    self.proved = proved
    fileDigest = checked.fileDigest
    self.checkpoint = checkpoint
    self.names = names
    guard case .finalize(let proposal, let result) = receipt.certificate.statement else { throw .notFinal }
    certified = proposal
    certifiedResult = result
    certifiedHeight = receipt.descendants.last?.height ?? proved.height
    var hash = HashFunction(genesis.suite)
    transactionLeaf = MerkleTree.leaf(receipt.transaction.bytes.span.bytes, hash: &hash)
    outcomeLeaf = OutcomeTree.leaf(id: proved.transaction.id, outcome: proved.outcome, hash: &hash)
    resultDigest = proved.result.digest(hash: &hash)
    operationCount = proved.transaction.operationCount
    operations = Self.listed(proved)
    let validators = receipt.closings.configuration(genesis).validators
    quorum = Quorum(validators: validators.count)
    let signers = Set(receipt.certificate.signers.map { Int($0.rawValue) })
    votes = validators.enumerated().map { ValidatorVote(validator: $1, isSigner: signers.contains($0)) }
    organisations = Self.organisations(votes)
    (passed, unusedClosings) = Self.passed(receipt.closings, checkpoint, &hash)
  }

  /// The first operations, and the one that failed.
  private static func listed(_ proved: VerifiedReceipt) -> [ListedOperation] {
    let failed = proved.outcome.isApplied ? nil : Int(proved.outcome.operation)
    return RenderedOperation.list(proved.transaction.operations) { _ in nil }.enumerated()
      .filter { $0.offset < operationLimit || $0.offset == failed }
      .map { ListedOperation(index: $0.offset, rendered: $0.element, isFailed: $0.offset == failed) }
  }

  /// In the order of their first validators.
  private static func organisations(_ votes: [ValidatorVote]) -> [OrganisationVotes] {
    votes.map(\.validator.member).uniqued().map { member in
      let own = votes.filter { $0.validator.member == member }
      return OrganisationVotes(member: member, validators: own.count, signed: own.count { $0.isSigner })
    }
  }

  private static func passed(
    _ closings: Closings, _ checkpoint: Checkpoint?, _ hash: inout HashFunction
  ) -> (passed: [PassedEpoch], unused: Int) {
    let epochs = closings.list.indices.map { Epoch(closings.first.rawValue + UInt64($0)) }
    let trusted = epochs.firstIndex { $0.rawValue + 1 == checkpoint?.epoch.rawValue }
    var passed: [PassedEpoch] = []
    for (place, closing) in closings.list.enumerated().dropFirst(trusted ?? 0) {
      passed.append(
        PassedEpoch(
          epoch: epochs[place], height: closing.result.height,
          signatures: place == trusted ? nil : closing.certificate.signers.count,
          result: closing.result.digest(hash: &hash), next: closing.configuration.validators))
    }
    return (passed, trusted ?? 0)
  }

  /// How the genesis file describes a member; nil for one that joined later.
  func description(of member: Name) -> String? {
    genesis.members.first { $0.name == member }?.description
  }
}
