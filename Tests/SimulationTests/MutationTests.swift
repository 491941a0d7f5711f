import Ledger
import Primitives
import Testing

@testable import Replica
@testable import Simulation

#if DEBUG
  /// Shows that the oracles can fail: each deliberate defect is caught, within a stated number of seeds, as a breach of
  /// the promise that it breaks.
  @Testing.Suite("Deliberate defects are caught")
  struct MutationTests {
    struct Case: CustomTestStringConvertible, Sendable {
      var mutation: Mutation
      /// How many seeds, from seed 1 on, catch the defect at least once.
      var seeds: UInt64
      /// The message of the broken promise contains one of these.
      var promises: [String]
      var faults: Set<FaultKind> = []
      var traitorKind: TraitorKind?
      var network = NetworkKind.local
      /// Whether nodes make snapshots often and prune their logs below them.
      var prunes = false
      /// Whether the validators change.
      var changesSets = false
      /// Whether the vote keys are with signers that have a memory of their own.
      var hasSigners = false

      var testDescription: String { mutation.rawValue }
    }

    static let cases: [Case] = [
      Case(mutation: .sendBeforeSync, seeds: 1, promises: ["8:"]),
      Case(mutation: .durableBeforeSync, seeds: 1, promises: ["8:"]),
      Case(
        mutation: .forgetVotesOnRestart, seeds: 20, promises: ["1:", "used twice"],
        faults: [.processCrash, .partition]),
      Case(
        mutation: .forgetSaid, seeds: 20, promises: ["declines", "used twice"], faults: [.powerLoss, .slowDisk],
        hasSigners: true),
      Case(
        mutation: .voteAfterLoss, seeds: 20, promises: ["1:", "used twice"], faults: [.lostDirectory, .partition]),
      Case(
        mutation: .restoreOldDisk, seeds: 20, promises: ["1:", "used twice"], faults: [.processCrash, .partition]),
      Case(
        mutation: .giveUpUnanswered, seeds: 80, promises: ["D2:"], faults: [.bitFlip, .pause]),
      Case(mutation: .skipLostBlocks, seeds: 20, promises: ["9:", "cannot read block"], faults: [.bitRot]),
      Case(
        mutation: .serveNextBlock, seeds: 10, promises: ["H2:", "no progress", "blames honest validator"],
        faults: [.lostDirectory]),
      Case(mutation: .ignorePruneMark, seeds: 5, promises: ["does not start"], faults: [.processCrash], prunes: true),
      Case(mutation: .trustSignatures, seeds: 10, promises: ["6:", "used twice"], traitorKind: .noise),
      Case(mutation: .dropBlocks, seeds: 1, promises: ["10:", "before it is in the log"]),
      Case(mutation: .countSignerTwice, seeds: 5, promises: ["6:", "malformed certificate"], faults: [.partition]),
      Case(mutation: .quorumOffByOne, seeds: 1, promises: ["6:"]),
      Case(mutation: .anyCertificate, seeds: 5, promises: ["6:"], traitorKind: .noise),
      Case(mutation: .addUpResults, seeds: 5, promises: ["6:"], traitorKind: .results),
      Case(
        mutation: .forgetNullify, seeds: 20, promises: ["1:", "used twice"], faults: [.processCrash, .partition],
        network: .lossy),
      Case(
        mutation: .finalizeAfterNullify, seeds: 10, promises: ["1:", "would contradict"], faults: [.partition, .clog],
        network: .lossy),
      Case(
        mutation: .staleTimer, seeds: 10, promises: ["1:", "would contradict", "used twice"], faults: [.partition],
        network: .lossy),
      Case(mutation: .neverResend, seeds: 20, promises: ["no progress"], faults: [.partition], network: .lossy),
      Case(mutation: .skipParentResult, seeds: 10, promises: ["5:"], traitorKind: .headers),
      Case(mutation: .skipTimestamp, seeds: 10, promises: ["not later than its parent"], traitorKind: .headers),
      Case(
        mutation: .keepValidators, seeds: 5,
        promises: ["6:", "bad signature", "as validator", "no progress", "blames honest"],
        changesSets: true),
      Case(mutation: .keepVoteKey, seeds: 5, promises: ["bad signature"], changesSets: true),
      Case(
        mutation: .trustEveryKey, seeds: 20, promises: ["1:", "used twice"], faults: [.lostDirectory, .partition],
        changesSets: true),
      Case(mutation: .forgetIdentities, seeds: 10, promises: ["10:"]),
      Case(mutation: .captureTwice, seeds: 20, promises: ["the model says"]),
      Case(mutation: .keepExpired, seeds: 10, promises: ["the model says", "although there is no work"]),
    ]

    @Test("every one is caught, by name", arguments: cases)
    func caught(_ entry: Case) throws {
      let found = (1...entry.seeds).lazy.compactMap { seed in
        Mutation.$current.withValue(entry.mutation) { self.run(entry, seed: seed).violation }
      }.first
      let violation = try #require(found, "\(entry.seeds) seeds do not catch it")
      #expect(entry.promises.contains { violation.contains($0) }, "\(violation)")
    }

    @Test("without a defect the same runs keep every promise", arguments: cases)
    func sound(_ entry: Case) {
      let report = run(entry, seed: 1)
      #expect(report.isSound, "\(report.text)")
    }

    @Test("no defect is left out")
    func complete() {
      #expect(Set(Self.cases.map(\.mutation) + [.skipNullifications]) == Set(Mutation.allCases))
    }

    @Test("C4: a block next to its parent: skipNullifications forks the chain, the correct program does not")
    func skipNullifications() throws {
      #expect(try Mutation.$current.withValue(.skipNullifications) { try siblings() }?.hasPrefix("9:") == true)
      #expect(try siblings() == nil)
    }

    /// Only node 0 knows that block 2 is final. The leader of view 3 proposes another block in its place to the others.
    /// Returns the broken promise.
    private func siblings() throws -> String? {
      let harness = SimulationHarness(validators: 4, puppets: 1) { $0.syncDelay = 2000...2000 }
      #expect(harness.grow(1))
      harness.submit(to: 0)
      #expect(harness.run(atMost: 50_000) { (0..<3).allSatisfy { harness.view($0) == 3 } })
      harness.connect { _, to in to == 0 }
      #expect(harness.run(atMost: 10_000) { harness.height(0) == 2 })
      harness.split([0])
      let old = harness.cluster.chain.blocks[1].header
      let block = harness.nextBlock {
        $0.height = old.height
        $0.parent = old.parent
        $0.parentResult = old.parentResult
      }
      harness.send(harness.proposal(block, in: 3, on: 1))
      harness.run(10_000)
      if let result = harness.result(1, 3) {
        let proposal = Proposal(epoch: .first, view: View(3), parent: View(1), block: block.digest)
        harness.send(.vote(harness.vote(.finalize(proposal, result: result), as: 3)))
      }
      harness.run(50_000)
      harness.join()
      if harness.violation == nil { #expect(harness.grow(3)) }
      return harness.violation
    }

    private func run(_ entry: Case, seed: UInt64) -> Report {
      var options = SwarmOptions()
      options.leaderTimeoutMilliseconds = 50
      options.clientPause = 5000...60_000
      options.chaosHeights = 30
      options.chaosTicks = 10_000_000
      // A failed check of the replica's own invariants would end the process.
      options.stepsPerCheck = 0
      options.faults = entry.faults
      options.faultPause = entry.faults.isEmpty ? nil : 5000...60_000
      options.traitors = entry.traitorKind == nil ? 0 : 1
      options.traitorKind = entry.traitorKind ?? .twins
      options.quality = entry.network.quality
      options.areSignersElsewhere = entry.hasSigners
      if entry.changesSets {
        options.spares = 2
        options.fewestValidators = 4
        options.setPause = 50_000...300_000
      }
      if entry.prunes {
        // Enough time for a chain that is longer than a segment.
        options.chaosHeights = 100
        options.chaosTicks = 60_000_000
        options.faultPause = 300_000...2_000_000
        options.snapshotInterval = 5
        options.historyKept = 2
        options.snapshotGap = 5
      }
      return Simulation(seed: seed, options: options).run()
    }
  }
#endif
