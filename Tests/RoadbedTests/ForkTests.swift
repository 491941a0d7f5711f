import Foundation
import Testing

extension Processes {
  @Testing.Suite(.serialized)
  struct ForkTests {
    private struct Answer: Decodable {
      var fork: Bool
      var relation: String
      var height: UInt64?
      var signedBoth: [String]
    }

    /// Starts the cluster, opens accounts one after another, and returns the receipts of the transactions.
    private func receipts(of names: [String], _ cluster: TestCluster) async throws -> [String] {
      try await cluster.up()
      var files: [String] = []
      for name in names {
        let file = cluster.folder.path("\(name).json")
        try await Roadbed.succeed(
          "tx", "open", "registry/\(name)", "--dir", cluster.directory, "--key", "registry", "--receipt", file)
        files.append(file)
      }
      try await cluster.stop()
      return files
    }

    @Test("Two receipts that prove different blocks of one height are a fork, and the command names who signed both")
    func fork() async throws {
      try await TestCluster.with(nodes: 4, isUp: false) { cluster in
        // Everybody signs on two continuations of the same beginning, as validators can that all are faulty.
        let other = cluster.folder.path("other")
        try FileManager.default.copyItem(atPath: cluster.directory, toPath: other)
        let ours = try await receipts(of: ["a", "b"], cluster)
        try FileManager.default.moveItem(atPath: cluster.directory, toPath: cluster.folder.path("aside"))
        try FileManager.default.moveItem(atPath: other, toPath: cluster.directory)
        let theirs = try await receipts(of: ["c"], cluster)

        func compare(_ first: String, _ second: String, _ options: String...) async throws -> Roadbed.Run {
          try await Roadbed.run(
            ["receipt", "compare", first, second, "--genesis", cluster.genesisFile] + options)
        }
        let found = try await compare(ours[0], theirs[0])
        #expect(found.status == 1)
        #expect(found.output.contains("FORK: both receipts are valid and prove two different blocks of height 1"))
        let json = try await compare(ours[0], theirs[0], "--json")
        #expect(json.status == 1)
        let answer: Answer = try json.decoded()
        #expect(answer.fork && answer.relation == "blocks-differ" && answer.height == 1)
        #expect(answer.signedBoth.count >= 2, "\(json.output)")

        let same = try await compare(ours[1], ours[1])
        #expect(same.status == 0)
        #expect(same.output.contains("one chain"))
        let apart = try await compare(ours[0], ours[1])
        #expect(apart.status == 0, "\(apart.output)")

        let url = URL(fileURLWithPath: theirs[0])
        let text = try String(contentsOf: url, encoding: .utf8)
        try Data(text.replacingOccurrences(of: "registry/c", with: "registry/d").utf8).write(to: url)
        let bent = try await compare(ours[0], theirs[0])
        #expect(bent.status == 1)
        #expect(!bent.errorCode.isEmpty && !bent.output.contains("FORK"), "\(bent.error)")
      }
    }
  }
}
