import Cryptography
import Primitives
import TestHarness
import Testing

@testable import Ledger

@Testing.Suite("Blocks that end an epoch")
struct ClosingBlockTests {
  private let chain = TestChain()

  /// Executes an empty block in which the configuration changes.
  private func close(_ changes: ((inout ChainConfiguration) -> Void)...) -> BlockResult {
    let block = Block.assemble(
      height: Height(chain.state.tip.height.rawValue + 1), parent: chain.state.tip.block,
      parentResult: chain.state.tip.result, timestamp: chain.state.tip.timestamp.advanced(byMilliseconds: 1),
      transactions: [], chain: chain.state.chain, hash: &chain.hash)
    let outcomes = chain.state.applyTransactions(of: block)
    for change in changes { chain.state.changeConfiguration(change) }
    return chain.state.conclude(block, outcomes).result
  }

  @Test("The result of a block names the epoch of the blocks above it, and its configuration")
  func results() {
    let genesis = TestChain.genesis()
    let first = EpochReference(epoch: .first, configuration: genesis.configuration.digest(hash: &chain.hash))
    #expect(chain.state.genesisResult.above == first)
    #expect(close().above == first)
    var changed = genesis.configuration
    changed.leaderTimeoutMilliseconds = 700
    let second = EpochReference(epoch: Epoch(1), configuration: changed.digest(hash: &chain.hash))
    #expect(close({ $0.leaderTimeoutMilliseconds = 700 }).above == second)
    #expect(chain.state.tip.above == second)
    #expect(close().above == second)
    // Back to the first configuration is a change like any other.
    #expect(close({ $0.leaderTimeoutMilliseconds = 1000 }).above?.epoch == Epoch(2))
  }

  @Test("Several changes in one block make one end, and those that cancel out none")
  func several() {
    #expect(close({ $0.rulesVersion = 5 }, { $0.leaderTimeoutMilliseconds = 50 }).above?.epoch == Epoch(1))
    #expect(close({ $0.rulesVersion = 6 }, { $0.rulesVersion = 5 }).above?.epoch == Epoch(1))
  }

  @Test("A block that ended an epoch and is reverted has ended nothing")
  func reverted() throws {
    let before = chain.state.tip
    let ended = close({ $0.rulesVersion = 5 })
    #expect(ended.above?.epoch == Epoch(1))
    #expect(ended.stateRoot != before.stateRoot)
    chain.state.revert()
    #expect(chain.state.tip == before)
    #expect(chain.state.configuration == TestChain.genesis().configuration)
    #expect(close().above == before.above)
  }

  @Test("A configuration has these bytes, and the digest of them under its own tag")
  func configuration() throws {
    let configuration = TestChain.genesis().configuration
    let read = try Reader.whole(configuration.bytes) { (reader) throws(CodecError) in
      try ChainConfiguration(from: &reader)
    }
    #expect(read == configuration)
    #expect(
      configuration.digest(hash: &chain.hash)
        == chain.hash.hash(Array("rb.cfg.1".utf8) + [Suite.p256SHA256.rawValue] + configuration.bytes))
    let set = configuration.validatorSet(of: Epoch(3))
    #expect(set.epoch == Epoch(3))
    #expect(set.validators == [Validator(name: "node1", voteKey: Samples.key(7))])
  }
}
