import Foundation
import Testing

extension Processes {
  /// Tests `roadbed simulate` from outside.
  @Testing.Suite(.serialized)
  struct SimulateTests {
    private struct Answer: Decodable {
      struct Broken: Decodable {
        var seed: UInt64
        var promise: String
        var replay: String
      }

      var seeds: Int
      var finalizedViews: Int
      var hash: String
      var broken: [Broken]
    }

    @Test("The same seeds give the same hash, on any number of threads")
    func seeds() async throws {
      let one: Answer = try await Roadbed.succeed("simulate", "--seeds", "1..6", "--jobs", "1", "--json").decoded()
      let two: Answer = try await Roadbed.succeed("simulate", "--seeds", "1..6", "--jobs", "2", "--json").decoded()
      #expect(one.seeds == 6 && one.finalizedViews > 0 && one.broken.isEmpty)
      #expect(one.hash == two.hash)
      let text = try await Roadbed.succeed("simulate", "--seed", "3", "--trace")
      #expect(text.output.contains("proposes block") && text.output.contains("every promise held"))
    }

    @Test("A broken promise ends with exit status 1, and the printed command reproduces it")
    func broken() async throws {
      #if DEBUG
        let run = try await Roadbed.run("simulate", "--seeds", "1..2", "--mutation", "sendBeforeSync", "--json")
        #expect(run.status == 1)
        let first = try #require(try run.decoded(Answer.self).broken.first)
        var words = first.replay.split(separator: " ").map(String.init)
        #expect(words.removeFirst() == "roadbed")
        let again = try await Roadbed.run(words + ["--json"])
        #expect(again.status == 1)
        #expect(try again.decoded(Answer.self).broken.map(\.promise) == [first.promise])
      #endif
    }

    @Test("Options that contradict each other or are out of range are refused")
    func usage() async throws {
      for wrong in [
        ["--seed", "1", "--seeds", "1..2"], ["--seeds", "3..1"], ["--nodes", "0"], ["--nodes", "101"],
        ["--faults", "crash,nonsense"], ["--faults", "crash", "--no-faults"], ["--byzantine", "nonsense"],
        ["--network", "moon"], ["--jobs", "0"], ["--seeds", "1..2", "--trace"], ["--views", "0"],
      ] {
        #expect(try await Roadbed.run(["simulate"] + wrong).status == 2, "\(wrong)")
      }
    }
  }
}
