import Cryptography
import Ledger
import Primitives

/// Encoding and decoding of a transaction, a block, a vote and certificates.
enum CodecBench {
  static func run(_ report: Report) throws {
    try transactions(report)
    try votes(report)
  }

  private static func transactions(_ report: Report) throws {
    var world = try PopulatedLedger.populated(members: 16, accountsPerMember: 16)
    let chain = world.state.chain
    let block = try world.block(transactions: 1000, operations: 1)
    let transactions = (0..<block.count).map { SignedTransaction(block.transaction(at: $0)) }
    let contents = transactions.map { (operations: $0.operations, signatures: $0.signatures) }
    report.note("transactions: one transfer, one signature, \(transactions[0].bytes.count) bytes")
    report.note("encoding one includes walking and hashing it twice, as draft and as transaction")
    let rounds = 100
    let encoding = try Cost.measure {
      for _ in 0..<rounds {
        for (index, transaction) in transactions.enumerated() {
          var draft = try TransactionDraft(
            operations: contents[index].operations, validUntil: transaction.validUntil, nonce: transaction.nonce,
            chain: chain, hash: &world.hash)
          for signature in contents[index].signatures { draft.add(signature) }
          keep(try draft.assemble(hash: &world.hash))
        }
      }
    }
    report.line("transaction: draft, add a signature, assemble", rounds * block.count, encoding, "transaction")
    let decoding = try Cost.measure {
      for _ in 0..<rounds {
        for transaction in transactions {
          keep(try SignedTransaction(bytes: transaction.bytes, chain: chain, hash: &world.hash))
        }
      }
    }
    report.line("transaction: decode", rounds * block.count, decoding, "transaction")
    let assembling = Cost.measure {
      for _ in 0..<rounds {
        keep(
          Block.assemble(
            height: block.height, parent: block.header.parent, parentResult: block.header.parentResult,
            timestamp: block.header.timestamp, transactions: transactions, chain: chain, hash: &world.hash))
      }
    }
    report.line("block of 1000 transfers: assemble", rounds * block.count, assembling, "transaction")
    let reading = try Cost.measure {
      for _ in 0..<rounds { keep(try Block(bytes: block.bytes, chain: chain, hash: &world.hash)) }
    }
    report.line("block of 1000 transfers: decode", rounds * block.count, reading, "transaction")
  }

  private static func votes(_ report: Report) throws {
    let proposal = Proposal(epoch: .first, view: View(7), parent: View(6), block: Digest(1, 2, 3, 4))
    let signature = Signature(first: Digest(5, 6, 7, 8), second: Digest(9, 10, 11, 12))
    let vote = Vote(statement: .notarize(proposal), signer: ValidatorIndex(2), signature: signature)
    try measure("notarize vote", vote.encode, Vote.init(from:), report)
    for validators in [4, 100] {
      let quorum = Quorum(validators: validators).size
      let certificate = Certificate(
        statement: .finalize(proposal, result: Digest(5, 6, 7, 8)),
        signers: (0..<quorum).map { ValidatorIndex(UInt16($0)) },
        signatures: Array(repeating: signature, count: quorum))
      try measure("certificate of \(validators) validators", certificate.encode, Certificate.init(from:), report)
    }
  }

  /// Encodes into a buffer that is large enough from the start, as messages and records are written, and decodes again.
  private static func measure<Value>(
    _ name: String, _ encode: (inout Writer) -> Void, _ decode: (inout Reader) throws(CodecError) -> Value,
    _ report: Report
  ) throws {
    let rounds = 100_000
    var writer = Writer()
    encode(&writer)
    let bytes = writer.bytes
    let encoding = Cost.measure {
      for _ in 0..<rounds {
        var writer = Writer(capacity: bytes.count)
        encode(&writer)
        keep(writer)
      }
    }
    report.note("\(name): \(bytes.count) bytes")
    report.line("\(name): encode", rounds, encoding, "value")
    let decoding = try Cost.measure { () throws(CodecError) in
      for _ in 0..<rounds { keep(try Reader.whole(bytes, decode)) }
    }
    report.line("\(name): decode", rounds, decoding, "value")
  }
}
