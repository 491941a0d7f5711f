import Foundation
import Testing

extension Processes {
  @Testing.Suite(.serialized)
  struct IdleTests {
    @Test("C18: an idle cluster writes nothing, and the first transaction afterwards is final immediately")
    func idle() async throws {
      try await TestCluster.with(nodes: 4) { cluster in
        try await Roadbed.succeed(
          "tx", "open", "registry/before", "--dir", cluster.directory, "--key", "registry", "--wait")
        try await cluster.waitUntilLevel()
        // By then, everything that belongs to the last block is written.
        try await Task.sleep(for: .seconds(2))
        let before = try (1...4).map { try Written(cluster, $0) }
        try await Task.sleep(for: .seconds(5))
        let after = try (1...4).map { try Written(cluster, $0) }
        for (before, after) in zip(before, after) { #expect(before == after) }

        let begun = ContinuousClock.now
        try await Roadbed.succeed(
          "tx", "open", "registry/after", "--dir", cluster.directory, "--key", "registry", "--wait")
        #expect(ContinuousClock.now - begun < .seconds(5))
      }
    }

    /// What a node has written so far: the bytes and times of its log, and its counters of blocks, views and writes.
    /// Counters of links are left out, since keep-alives between peers continue.
    private struct Written: Equatable {
      var files: [String: String] = [:]
      var counters: [String: String] = [:]

      init(_ cluster: TestCluster, _ number: Int) throws {
        let folder = "\(cluster.node(number))/log"
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
          let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
          let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
          files[name] = "\(attributes[.modificationDate] ?? "") \(attributes[.size] ?? "") \(bytes.hashValue)"
        }
        let answer = try RawHTTP.request("GET", "/metrics", port: cluster.apiPort(number))
        for line in answer.body.split(separator: "\n") where line.hasPrefix("roadbed_") {
          guard !line.hasPrefix("roadbed_peer"), !line.hasPrefix("roadbed_link") else { continue }
          let parts = line.split(separator: " ")
          counters[String(parts[0])] = parts.last.map(String.init)
        }
      }
    }
  }
}
