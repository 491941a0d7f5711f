import BlockLog
import Foundation
import Ledger
import LedgerJSON
import Primitives
import Replica
import Testing

extension Processes {
  @Testing.Suite(.serialized)
  struct AuditTests {
    private func audit(_ cluster: TestCluster, _ options: String...) async throws -> (Int32, AuditAnswer) {
      let run = try await Roadbed.run(["audit", cluster.node(1), "--json"] + options)
      return (run.status, try run.decoded())
    }

    @Test("An audit names the first record whose signature is forged; without signatures it finds nothing there")
    func forgedSignature() async throws {
      try await TestCluster.with(nodes: 1) { cluster in
        try await cluster.openAccounts(5)
        try await cluster.stop()
        let (status, sound) = try await audit(cluster)
        #expect(status == 0 && sound.firstFault == nil)
        let forged = try rewrite(cluster) { kind, payload, count in
          // From the third certificate on, so that the first of several is to be found.
          if kind == .certificate, count >= 3 { payload[payload.count - 1] ^= 1 }
        }
        let first = try #require(forged.first)
        let (failed, answer) = try await audit(cluster)
        #expect(failed == 1)
        let fault = try #require(answer.firstFault)
        #expect(fault.code == "audit.certificate-signature")
        #expect(fault.record == first, "\(fault.message)")
        let (passed, quick) = try await audit(cluster, "--hash-only")
        #expect(passed == 0 && quick.firstFault == nil && quick.stateRoot == sound.stateRoot)
      }
    }

    /// Writes the node's log anew, with some payloads changed and every checksum right.
    /// - Parameter change: receives each record's kind and payload, and how many of that kind there were, with this one.
    /// - Returns: the positions of the changed records.
    private func rewrite(
      _ cluster: TestCluster, _ change: (LogEntryKind, inout [UInt8], Int) -> Void
    ) throws -> [UInt64] {
      let (old, new) = ("\(cluster.node(1))/log", cluster.folder.path("new"))
      let genesis = try cluster.genesis()
      let owner = LogOwner(chain: genesis.digest, writer: genesis.validators[0].voteKey)
      var records = try LogReader(try FileDisk(path: old, access: .readOnly), owner: owner).inspect().records
      try FileManager.default.createDirectory(atPath: new, withIntermediateDirectories: false)
      var log = try BlockLog.create(try FileDisk(path: new), owner: owner, options: LogOptions())
      var counts: [LogEntryKind: Int] = [:]
      var changed: [UInt64] = []
      while let record = try records.next() {
        let kind = try #require(LogEntryKind(rawValue: record.kind))
        counts[kind, default: 0] += 1
        var payload = record.payload
        change(kind, &payload, counts[kind] ?? 0)
        if payload != record.payload { changed.append(record.position.rawValue) }
        _ = try log.append(kind: record.kind, height: record.height, payload: payload)
      }
      try log.close()
      try FileManager.default.removeItem(atPath: old)
      try FileManager.default.moveItem(atPath: new, toPath: old)
      return changed
    }
  }
}
