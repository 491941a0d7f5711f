import Cryptography
import Ledger
import LedgerJSON
import Primitives
import TestHarness

/// A chain, a transaction and a receipt with the sample operations.
extension Samples {
  static func genesis() throws -> Genesis {
    Genesis(
      chainName: name("sample"), suite: .ed25519SHA256, timestamp: Timestamp(1_900_000_000_000),
      leaderTimeoutMilliseconds: 1000, administratorThreshold: 1,
      members: [
        GenesisMember(
          name: name("bank-b"), description: "Bank B, Zürich",
          authority: MemberAuthority(
            roles: [.participant, .notary], keys: [try privateKey(3).publicKey, try privateKey(4).publicKey],
            threshold: 2)),
        GenesisMember(
          name: name("bank-a"), description: "",
          authority: MemberAuthority(
            roles: [.administrator, .issuer, .participant], keys: [try privateKey(1).publicKey], threshold: 1)),
      ],
      validators: [
        GenesisValidator(
          name: name("node1"), member: name("bank-a"), voteKey: try privateKey(5).publicKey,
          transportKey: Digest(1, 2, 3, 4), address: "127.0.0.1:7001"),
        GenesisValidator(
          name: name("node2"), member: name("bank-b"), voteKey: try privateKey(6).publicKey,
          transportKey: Digest(1, 2, 3, 5), address: "[::1]:7001"),
      ])
  }

  static func draft(_ hash: inout HashFunction) throws -> TransactionDraft {
    var draft = try TransactionDraft(
      operations: try operations(), validUntil: Timestamp(1_900_000_600_000), nonce: .max, chain: try genesis().chain,
      hash: &hash)
    try draft.sign(as: name("bank-b"), with: try privateKey(4))
    try draft.sign(as: name("bank-a"), with: try privateKey(1))
    return draft
  }

  /// The receipt of a block with one transaction, finalized by both validators.
  static func receipt(_ hash: inout HashFunction) throws -> Receipt {
    let genesis = try genesis()
    let transaction = try draft(&hash).assemble(hash: &hash)
    let block = Block.assemble(
      height: Height(1), parent: genesis.blockDigest, parentResult: Digest(9, 9, 9, 9),
      timestamp: Timestamp(1_900_000_000_123), transactions: [transaction], chain: genesis.chain, hash: &hash)
    let outcomes = [TransactionOutcome(code: .accountFrozen, operation: 9)]
    let leaves = OutcomeTree.leaves(of: block, outcomes: outcomes, hash: &hash)
    let result = BlockResult(
      height: Height(1), block: block.digest, stateRoot: Digest(8, 8, 8, 8),
      outcomeRoot: MerkleTree.root(of: leaves, hash: &hash),
      above: EpochReference(epoch: .first, configuration: genesis.configuration.digest(hash: &hash)))
    let statement = Statement.finalize(
      Proposal(epoch: .first, view: View(4), parent: .genesis, block: block.digest), result: result.digest(hash: &hash))
    let signatures = try [5, 6].map { try privateKey($0).sign(statement.signedBytes(genesis.chain)) }
    let certificate = Certificate(
      statement: statement, signers: [ValidatorIndex(0), ValidatorIndex(1)], signatures: signatures)
    return Receipt(
      block: block, index: 0, outcomes: outcomes, result: result, descendants: [], certificate: certificate,
      hash: &hash)
  }
}
