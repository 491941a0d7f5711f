import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

extension Processes {
  @Testing.Suite(.serialized)
  struct SnapshotTests {
    /// The parts of `snapshot … --json` that tests read.
    private struct Listed: Decodable {
      struct Snapshot: Decodable {
        struct Fault: Decodable { var code: String, nextStep: String }
        var height: UInt64
        var bytes: Int?
        var entries: UInt64?
        var stateRoot: Digest?
        var fault: Fault?
      }
      var snapshots: [Snapshot]
      var sound: Bool?
    }

    private struct Made: Decodable {
      var snapshot: Listed.Snapshot
      var file: String
      var new: Bool
    }

    @Test(
      "S4: snapshots are listed, verified and created by command; a flipped bit is found, and a start survives it"
    )
    func commands() async throws {
      try await TestCluster.with(nodes: 4, isUp: false) { cluster in
        try cluster.set(["interval: 20000": "interval: 5"])
        try await Roadbed.expectRefusal("snapshot.none", "snapshot", "verify", cluster.node(1))
        try await Roadbed.expectRefusal("snapshot.nothing-final", "snapshot", "create", cluster.node(1))
        try await Roadbed.expectRefusal("audit.no-node-directory", "snapshot", "list", cluster.directory)
        try await cluster.up()
        try await cluster.openAccounts(12)
        let listed = try await list(cluster, 1) { $0.count >= 2 }
        #expect(listed.snapshots.allSatisfy { $0.height % 5 == 0 && $0.entries ?? 0 > 0 && $0.fault == nil })

        // Creates a snapshot while the node runs.
        let made: Made = try await Roadbed.succeed("snapshot", "create", cluster.node(1), "--json").decoded()
        #expect(made.new && made.snapshot.height > listed.snapshots.last?.height ?? 0)
        let again: Made = try await Roadbed.succeed("snapshot", "create", cluster.node(1), "--json").decoded()
        #expect(!again.new && again.snapshot.stateRoot == made.snapshot.stateRoot)
        let sound: Listed = try await Roadbed.succeed("snapshot", "verify", cluster.node(1), "--json").decoded()
        let heights = Set((listed.snapshots + [made.snapshot]).map(\.height))
        #expect(sound.sound == true && heights.isSubset(of: sound.snapshots.map(\.height)))
        try await Roadbed.expectRefusal("snapshot.missing", "snapshot", "verify", cluster.node(1), "--height", "7777")

        cluster.kill(1)
        try flip(made.file)
        let height = "\(made.snapshot.height)"
        let run = try await Roadbed.run("snapshot", "verify", cluster.node(1), "--height", height, "--json")
        #expect(run.status == 1)
        let bad: Listed = try run.decoded()
        #expect(bad.sound == false && bad.snapshots.first?.fault?.code == "snapshot.damaged")
        #expect(bad.snapshots.first?.fault?.nextStep.isEmpty == false)

        try await cluster.start(1)
        #expect(cluster.said(1, "the snapshot of height \(height) cannot be used and is removed"))
        #expect(cluster.said(1, "starting from the snapshot of height \(listed.snapshots.last?.height ?? 0)"))
        try await cluster.openAccounts(2, from: 100)
        try await cluster.waitUntilLevel()
        try await cluster.stop()
        for number in 1...4 {
          let answer: AuditAnswer = try await Roadbed.succeed("audit", cluster.node(number), "--json").decoded()
          #expect(answer.firstFault == nil && answer.beginsAt == .genesis)
        }
      }
    }

    @Test("D6: a node without log, index and snapshots joins from a snapshot, and its audit begins there")
    func joining() async throws {
      try await TestCluster.with(nodes: 4, isUp: false) { cluster in
        try cluster.set(["interval: 20000": "interval: 10", "keep: 0": "keep: 5"])
        try await cluster.up()
        // Enough blocks to fill segments, so that no node still has the first blocks. Otherwise node 4 might fetch them
        // before the state.
        for round in 0..<11 { _ = try await cluster.anchorMegabyte(round, isApplied: false) }
        // So that the state is of another epoch than the node that joins knows.
        for milliseconds in ["700", "900"] {
          try await Roadbed.succeed(
            "parameter", "set", "leaderTimeoutMilliseconds", milliseconds, "--dir", cluster.directory, "--key",
            "registry", "--wait", "--yes")
        }
        try await placeHold(cluster)
        try await cluster.openAccounts(19)
        // This is 30, unless a slow machine needed empty blocks to make others final.
        let newest = try #require(try await list(cluster, 1) { $0.last?.height ?? 0 >= 30 }.snapshots.last).height
        for number in 1...3 {
          _ = try await list(cluster, number) { $0.last?.height == newest }
          try await cluster.waitUntil("node\(number) prunes") { cluster.said(number, "the log begins above height") }
        }
        cluster.kill(4)
        for name in ["log", "snapshots", "index.sqlite", "index.sqlite-wal", "index.sqlite-shm"] {
          try? FileManager.default.removeItem(atPath: "\(cluster.node(4))/\(name)")
        }
        try await cluster.start(4)
        try await cluster.waitUntil("node4 fetches a state") { cluster.said(4, "fetching the state of height") }
        try await cluster.waitUntil("node4 votes again") { cluster.said(4, "voting again") }
        // Nothing has become final since, so its vote does not count yet, and no other node may be lost.
        try await cluster.waitUntil("node4 stands on the state") {
          try cluster.complaints(4) == ["node.not-voting-yet"]
        }
        #expect(cluster.said(4, "continuing from the state of height \(newest)"))
        try await cluster.openAccounts(8, from: 100)
        try await cluster.waitUntil("node4 is healthy") { try cluster.complaints(4).isEmpty }
        try await cluster.waitUntilLevel()
        try await releaseHold(cluster)
        try await cluster.stop()
        var roots: Set<String> = []
        for number in 1...4 {
          let answer: AuditAnswer = try await Roadbed.succeed("audit", cluster.node(number), "--json").decoded()
          #expect(answer.firstFault == nil)
          #expect(answer.beginsAt >= Height(10) && answer.beginsAt.rawValue % 10 == 0)
          roots.insert("\(answer.height) \(answer.stateRoot)")
        }
        #expect(roots.count == 1, "\(roots)")
        // Its own snapshot is above the state that it fetched.
        try await Roadbed.succeed("snapshot", "verify", cluster.node(4))
        // It fetched what leads there from genesis, and has it twice.
        var kept: [String: Data] = [:]
        for folder in ["log", "snapshots"] {
          for epoch in 0...1 {
            let file = "\(cluster.node(4))/\(folder)/00000\(epoch).closing"
            kept[file] = try Data(contentsOf: URL(fileURLWithPath: file))
          }
        }
        for file in kept.keys { try FileManager.default.removeItem(atPath: file) }
        let blind = try await Roadbed.run(["snapshot", "verify", cluster.node(4), "--json"])
        #expect(blind.status == 1 && blind.output.contains("snapshot.closing-missing"), "\(blind.output)")
        let (file, bytes) = try #require(kept.first { $0.key.hasSuffix("snapshots/000000.closing") })
        try bytes.write(to: URL(fileURLWithPath: file))
        for (file, bytes) in kept where file.hasSuffix("log/000001.closing") {
          try bytes.write(to: URL(fileURLWithPath: file))
        }
        try await Roadbed.succeed("snapshot", "verify", cluster.node(4))
        // Without a snapshot, the log alone cannot be checked.
        try FileManager.default.removeItem(atPath: "\(cluster.node(4))/snapshots")
        try await Roadbed.expectRefusal("log.no-beginning", "audit", cluster.node(4))
      }
    }

    private static let hold = ["--from", "bank-a", "--to", "bank-b", "--asset", "eur", "--reference", "R"]

    private func send(_ arguments: [String], by key: String, _ cluster: TestCluster) async throws {
      let run = try await Roadbed.run(["tx"] + arguments + ["--dir", cluster.directory, "--key", key, "--wait"])
      #expect(run.status == 0, "\(arguments): \(run.output)\(run.error)")
    }

    /// Has bank-a hold 40 of 100 euros.
    private func placeHold(_ cluster: TestCluster) async throws {
      try await send(["submit", "\(Roadbed.root)/Config/story/1-admit-members.json"], by: "registry", cluster)
      try await send(["define", "eur", "--issuer", "mint", "--decimals", "2"], by: "mint", cluster)
      try await send(["issue", "--to", "bank-a", "--asset", "eur", "--amount", "100"], by: "mint", cluster)
      try await send(["hold", "place"] + Self.hold + ["--amount", "40", "--expires", "1h"], by: "bank-a", cluster)
    }

    /// Releases the hold, and expects that node 4, whose blocks begin above the one that placed it, knows what came back.
    private func releaseHold(_ cluster: TestCluster) async throws {
      try await send(["hold", "release"] + Self.hold, by: "bank-b", cluster)
      try await cluster.waitUntilLevel()
      let client = try cluster.client(4)
      let first = try #require(try await client.blocks(limit: 1).beginsAt)
      let account = try #require(AccountName("bank-a"))
      let page = try await client.movements(of: account, from: first)
      #expect(page.items.map(\.kind) == [.release] && page.items.first?.heldUnits == .fall(Amount(4000)))
      let period = try StatementPeriod(account: account, after: Height(first.rawValue - 1), through: nil)
      let statement = try await client.statement(period)
      #expect(statement.openingAmounts.values.first == AccountAmounts(available: Amount(6000), held: Amount(4000)))
      await client.shutdown()
      let early = try RawHTTP.request("GET", "/v1/account-movements?account=bank-a", port: cluster.apiPort(4))
      #expect(early.status == 410 && early.code == "block.pruned")
    }

    @Test("D6: old segments move from the log to the archive; audits with and without it, and a restart")
    func pruning() async throws {
      try await TestCluster.with(nodes: 1, isUp: false) { cluster in
        try cluster.set([
          "interval: 20000": "interval: 3", "keep: 0": "keep: 3", "archive: archive": "archive: archive",
        ])
        try await cluster.up()
        let archive = "\(cluster.node(1))/archive"
        var last: Digest?
        for round in 0..<14 where !cluster.said(1, "the log begins above height") {
          last = try await cluster.anchorMegabyte(round)
        }
        try await cluster.waitUntil("segments leave the log") { cluster.said(1, "the log begins above height") }
        try await waitUntilStill(cluster)
        #expect(try FileManager.default.contentsOfDirectory(atPath: archive).contains { $0.hasSuffix("01.segment") })
        let first = try RawHTTP.request("GET", "/v1/blocks/1", port: cluster.apiPort(1))
        #expect(first.status == 410 && first.code == "block.pruned")
        #expect(try RawHTTP.request("GET", "/v1/blocks?limit=1", port: cluster.apiPort(1)).body.contains("digest"))

        let whole: AuditAnswer = try await Roadbed.succeed("audit", cluster.node(1), "--json").decoded()
        #expect(whole.firstFault == nil && whole.beginsAt == .genesis)
        try FileManager.default.moveItem(atPath: archive, toPath: cluster.folder.path("moved"))
        let part: AuditAnswer = try await Roadbed.succeed("audit", cluster.node(1), "--json").decoded()
        #expect(part.firstFault == nil && part.beginsAt > .genesis && part.stateRoot == whole.stateRoot)
        let given: AuditAnswer = try await Roadbed.succeed(
          "audit", cluster.node(1), "--archive", cluster.folder.path("moved"), "--json"
        ).decoded()
        #expect(given.firstFault == nil && given.beginsAt == .genesis && given.transactions == whole.transactions)

        // Without its snapshots, a pruned node cannot start; with the archive, a snapshot can be made.
        cluster.kill(1)
        try FileManager.default.removeItem(atPath: "\(cluster.node(1))/snapshots")
        try await Roadbed.expectRefusal("log.no-beginning", "audit", cluster.node(1))
        try await Roadbed.expectRefusal("log.no-beginning", "snapshot", "create", cluster.node(1))
        try await Roadbed.expectRefusal("node.snapshot-missing", "node", "start", "--dir", cluster.node(1))
        try FileManager.default.moveItem(atPath: cluster.folder.path("moved"), toPath: archive)
        let made: Made = try await Roadbed.succeed("snapshot", "create", cluster.node(1), "--json").decoded()
        #expect(made.new && made.snapshot.stateRoot == whole.stateRoot)
        try await cluster.up()
        let client = try cluster.client()
        #expect(try await client.waitForFinality(try #require(last)).status == .finalized)
        await client.shutdown()
        try await cluster.openAccounts(1)
      }
    }

    private func list(
      _ cluster: TestCluster, _ number: Int, until isEnough: ([Listed.Snapshot]) -> Bool
    ) async throws -> Listed {
      let deadline = ContinuousClock.now + .seconds(20)
      while true {
        let listed: Listed = try await Roadbed.succeed("snapshot", "list", cluster.node(number), "--json").decoded()
        if isEnough(listed.snapshots) { return listed }
        try #require(ContinuousClock.now < deadline, "\(listed.snapshots)")
        try await Task.sleep(for: .milliseconds(50))
      }
    }

    /// Waits until the last due snapshot is made and no files appear or disappear, as they do during the pruning that
    /// follows.
    private func waitUntilStill(_ cluster: TestCluster) async throws {
      let client = try cluster.client(1)
      let height = try await client.status().height.rawValue
      await client.shutdown()
      _ = try await list(cluster, 1) { $0.last?.height ?? 0 >= height / 3 * 3 }
      var before: Set<String>?
      while true {
        let files = try Set(
          ["log", "archive"].flatMap { folder in
            try FileManager.default.contentsOfDirectory(atPath: "\(cluster.node(1))/\(folder)").map {
              "\(folder)/\($0)"
            }
          })
        if files == before { return }
        before = files
        try await Task.sleep(for: .seconds(1))
      }
    }

    /// Flips one bit in the middle of a file.
    private func flip(_ file: String) throws {
      var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
      bytes[bytes.count / 3] ^= 4
      try bytes.write(to: URL(fileURLWithPath: file))
    }
  }
}
