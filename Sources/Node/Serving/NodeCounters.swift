internal import BlockLog
internal import CoreMetrics
internal import Ledger
internal import NodeCore
internal import PeerNetwork
internal import Primitives
internal import Replica

/// The node's metrics, recorded through swift-metrics; the program decides where they go.
final class NodeCounters: Sendable {
  let height = Gauge(label: "roadbed_height")
  private let blocks = Counter(label: "roadbed_blocks_total")
  private let transactions = Counter(label: "roadbed_transactions_total")
  private let failedTransactions = Counter(label: "roadbed_transactions_failed_total")
  private let operations = Counter(label: "roadbed_operations_total")
  let views = Counter(label: "roadbed_views_total")
  let givenUpViews = Counter(label: "roadbed_views_given_up_total")
  private let evidence = Counter(label: "roadbed_evidence_total")
  let rejectedBlocks = Counter(label: "roadbed_blocks_rejected_total")

  let repaired = Counter(label: "roadbed_log_mended_total")
  private let scrubbedBytes = Counter(label: "roadbed_log_scrubbed_bytes_total")
  private let snapshotHeight = Gauge(label: "roadbed_snapshot_height")
  private let snapshotBytes = Gauge(label: "roadbed_snapshot_bytes")
  private let snapshotPiece = Gauge(label: "roadbed_snapshot_longest_piece_microseconds")
  private let logRecords = Gauge(label: "roadbed_log_records")
  private let logPayloadBytes = Gauge(label: "roadbed_log_payload_bytes")
  private let logWrittenBytes = Gauge(label: "roadbed_log_written_bytes")
  private let logSyncs = Gauge(label: "roadbed_log_syncs")
  private let signatures = Gauge(label: "roadbed_signatures_checked")
  private let connectedPeers = Gauge(label: "roadbed_peers_connected")

  /// Updates the gauges from statistics that other parts have kept since this process started.
  func refresh(network: PeerNetworkStatistics?, log: LogStatistics, checkedSignatures: Int) {
    signatures.record(Double(checkedSignatures))
    logRecords.record(Double(log.records))
    logPayloadBytes.record(Double(log.payloadBytes))
    logWrittenBytes.record(Double(log.writtenBytes))
    logSyncs.record(Double(log.syncs))
    guard let network else { return }
    connectedPeers.record(Double(network.peers.count { $0.isConnected }))
    for peer in network.peers {
      let name = [("peer", peer.name)]
      Gauge(label: "roadbed_peer_frames_dropped", dimensions: name).record(Double(peer.framesDropped))
      Gauge(label: "roadbed_peer_bytes_sent", dimensions: name).record(Double(peer.bytesSent))
      Gauge(label: "roadbed_peer_bytes_received", dimensions: name).record(Double(peer.bytesReceived))
    }
    for fault in network.faults {
      Gauge(label: "roadbed_link_faults", dimensions: [("code", fault.code)]).record(Double(fault.count))
    }
  }

  /// Updates the number of findings of each code. Those that are errors of other parts are counted together.
  func refresh(findings: [Finding]) {
    var counts = Dictionary(uniqueKeysWithValues: FindingCode.allCases.map { ($0.rawValue, 0) })
    var others = 0
    for finding in findings {
      if counts[finding.code] == nil { others += 1 } else { counts[finding.code, default: 0] += 1 }
    }
    for (code, count) in counts { Gauge(label: "roadbed_findings", dimensions: [("code", code)]).record(Double(count)) }
    Gauge(label: "roadbed_findings", dimensions: [("code", "other")]).record(Double(others))
  }

  /// Counts something that a peer sent and that a correct node never sends.
  func misbehaved(_ peer: String) {
    Counter(label: "roadbed_peer_misbehaviour_total", dimensions: [("peer", peer)]).increment()
  }

  /// Counts a proof that a validator contradicted itself, which is misbehaviour too.
  func contradicted(_ peer: String) {
    evidence.increment()
    misbehaved(peer)
  }

  func scrubbed(_ bytes: Int) { scrubbedBytes.increment(by: Int64(bytes)) }

  func snapshot(height: Height, bytes: Int, longestPiece: UInt64) {
    snapshotHeight.record(Double(height.rawValue))
    snapshotBytes.record(Double(bytes))
    snapshotPiece.record(Double(longestPiece))
  }

  func count(_ commit: Commit) {
    height.record(Double(commit.height.rawValue))
    blocks.increment()
    transactions.increment(by: Int64(commit.block.count))
    failedTransactions.increment(by: Int64(commit.execution.outcomes.count { $0.code != .applied }))
    operations.increment(by: Int64(commit.block.operationCount))
  }
}
