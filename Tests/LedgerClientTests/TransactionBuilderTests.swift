import Cryptography
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

@Testing.Suite("Building transactions and verifying receipts")
struct TransactionBuilderTests {
  private static let suite = Primitives.Suite.ed25519SHA256

  func key(_ number: UInt8) throws -> PrivateKey {
    try PrivateKey(secret: [UInt8](repeating: number, count: 32), Self.suite)
  }

  func name(_ text: String) throws -> Name { try #require(Name(text)) }

  /// The genesis of a chain with one member and one validator.
  func genesis(_ chain: String = "sample") throws -> Genesis {
    Genesis(
      chainName: try name(chain), suite: Self.suite, timestamp: Timestamp(1_900_000_000_000),
      leaderTimeoutMilliseconds: 1000, administratorThreshold: 1,
      members: [
        GenesisMember(
          name: try name("bank-a"), description: "",
          authority: MemberAuthority(roles: .administrator, keys: [try key(1).publicKey], threshold: 1))
      ],
      validators: [
        GenesisValidator(
          name: try name("node1"), member: try name("bank-a"), voteKey: try key(2).publicKey, transportKey: .zero,
          address: "127.0.0.1:7001")
      ])
  }

  func operation() throws -> Operation { .memberRestore(name: try name("bank-a")) }

  /// The receipt file for a block that contains only `transaction`.
  private func receipt(_ transaction: SignedTransaction, _ genesis: Genesis) throws -> [UInt8] {
    var hash = HashFunction(Self.suite)
    let block = Block.assemble(
      height: Height(1), parent: genesis.blockDigest, parentResult: .zero, timestamp: Timestamp(1_900_000_001_000),
      transactions: [transaction], chain: genesis.chain, hash: &hash)
    let outcomes = [TransactionOutcome.applied]
    let result = BlockResult(
      height: Height(1), block: block.digest, stateRoot: .zero,
      outcomeRoot: OutcomeTree.root(of: block, outcomes: outcomes, hash: &hash),
      above: EpochReference(epoch: .first, configuration: .zero))
    let statement = Statement.finalize(
      Proposal(epoch: .first, view: View(1), parent: .genesis, block: block.digest), result: result.digest(hash: &hash))
    let signature = try key(2).sign(statement.signedBytes(genesis.chain))
    let certificate = Certificate(statement: statement, signers: [ValidatorIndex(0)], signatures: [signature])
    let receipt = Receipt(
      block: block, index: 0, outcomes: outcomes, result: result, descendants: [], certificate: certificate,
      hash: &hash)
    return ReceiptDocument.render(receipt, chain: genesis.chain, hash: &hash)
  }

  @Test("A built transaction is signed, valid for ten minutes, and different each time")
  func build() throws {
    let builder = TransactionBuilder(genesis: try genesis())
    let signer = Signer(member: try name("bank-a"), key: try key(1))
    let before = Timestamp.now
    let one = try builder.transaction([try operation()], signers: [signer])
    let two = try builder.transaction([try operation()], signers: [signer])
    let after = Timestamp.now
    #expect(one.id != two.id)
    #expect(one.validUntil >= before.advanced(byMilliseconds: 600_000))
    #expect(one.validUntil <= after.advanced(byMilliseconds: 600_000))
    #expect(before > Timestamp(1_700_000_000_000))
    var verifier = SignatureVerifier(Self.suite)
    let signature = try #require(one.signatures.first)
    let holds = verifier.verify(
      signature.signature, of: SignedTransaction.signedBytes(id: one.id, chain: builder.chain), by: signature.key)
    #expect(holds)
  }

  @Test("Several members sign one transaction, one after the other")
  func coSign() throws {
    let builder = TransactionBuilder(genesis: try genesis())
    let draft = try builder.draft([try operation()], validUntil: Timestamp(5), nonce: 6)
    let first = try builder.sign(draft, signers: [Signer(member: try name("bank-b"), key: try key(3))])
    let both = try builder.sign(
      TransactionDraft(first, chain: builder.chain), signers: [Signer(member: try name("bank-a"), key: try key(1))])
    #expect(both.id == draft.id)
    #expect(both.signatures.map(\.member) == [try name("bank-a"), try name("bank-b")])
    #expect(both.validUntil == Timestamp(5))
    #expect(both.nonce == 6)
  }

  @Test("An invalid transaction is refused with the ledger's own code")
  func refused() throws {
    let builder = TransactionBuilder(genesis: try genesis())
    #expect(throws: ClientError.transaction(.noOperations)) { try builder.draft([]) }
    #expect(throws: ClientError.transaction(.noSignatures)) {
      try builder.transaction([try operation()], signers: [])
    }
  }

  @Test("A fetched receipt is verified with genesis, and must be for the requested transaction")
  func receipts() async throws {
    let genesis = try genesis()
    let transaction = try TransactionBuilder(genesis: genesis).transaction(
      [try operation()], signers: [Signer(member: try name("bank-a"), key: try key(1))])
    let file = String(decoding: try receipt(transaction, genesis), as: UTF8.self)
    let transport = FakeTransport([.bytes(file), .bytes(file)])
    let client = try transport.client()
    let verified = try await client.receipt(transaction.id, genesis: genesis)
    #expect(verified.transaction == transaction)
    #expect(verified.outcome.isApplied)
    #expect(transport.requests[0].url == "http://a:1/v1/transactions/\(transaction.id)/receipt")
    let error = try await clientError { try await client.receipt(.zero, genesis: genesis) }
    #expect(error == .otherTransaction(asked: .zero, proved: transaction.id))
  }

  @Test("E6: a receipt does not verify with another chain's genesis, nor with another set of validators")
  func otherGenesis() throws {
    let genesis = try genesis()
    let transaction = try TransactionBuilder(genesis: genesis).transaction(
      [try operation()], signers: [Signer(member: try name("bank-a"), key: try key(1))])
    let file = try receipt(transaction, genesis)
    _ = try ReceiptFile.verify(file, document: "r.json", genesis: genesis)
    var other = genesis
    other.validators[0].voteKey = try key(4).publicKey
    for foreign in [other, try self.genesis("other")] {
      #expect {
        try ReceiptFile.verify(file, document: "r.json", genesis: foreign)
      } throws: { error in
        (error as? ClientError)?.code == "receipt.malformed-transaction"
      }
    }
  }
}

extension TransactionBuilderTests {
  @Test("E8: submitting a transaction again that a lost attempt has already applied is not an error")
  func alreadyApplied() async throws {
    let transaction = try TransactionBuilder(genesis: try genesis()).transaction(
      [try operation()], signers: [Signer(member: try name("bank-a"), key: try key(1))])
    let status = TransactionStatus(
      id: transaction.id, status: .finalized, height: Height(4), index: 0, blockTime: Timestamp(0),
      outcome: OutcomeView(.applied), validUntil: transaction.validUntil, nonce: transaction.nonce, operations: [],
      signatures: [])
    let transport = FakeTransport([
      .failure(.broken(reason: "x")), try .refusal(409, "admission.already-applied"), try .answer(status),
    ])
    let result = try await transport.client(["http://a:1", "http://b:1"]).submit(transaction)
    #expect(result == SubmitResult(finalized: transaction.id, height: Height(4), outcome: OutcomeView(.applied)))
  }

  @Test("An answer that names a transaction other than the submitted one is refused")
  func otherAnswer() async throws {
    let transaction = try TransactionBuilder(genesis: try genesis()).transaction(
      [try operation()], signers: [Signer(member: try name("bank-a"), key: try key(1))])
    let transport = FakeTransport([try .answer(SubmitResult(accepted: .zero))])
    let error = try await clientError { try await transport.client().submit(transaction) }
    #expect(error.code == "client.unexpected-answer")
  }
}
