internal import NodeCore
internal import Primitives
internal import Replica

/// The receivers of what peers send to a running node.
struct SimulatedReceivers: FrameReceivers {
  let cluster: SimulatedCluster
  let node: SimulatedNode
  let run: NodeRun

  func step(_ frame: [UInt8], from peer: PeerID) { cluster.step(node, .frame(from: peer, bytes: frame)) }

  func serve(_ request: PeerRequest) {
    cluster.step(node, .waste(from: request.peer, bytes: 0))
    cluster.receive(request, node, run)
  }

  func receiveFinal(_ bytes: [UInt8], of height: Height, from peer: PeerID) {
    guard let repair = run.repair else { return cluster.step(node, .waste(from: peer, bytes: bytes.count)) }
    cluster.receive(bytes, of: height, from: peer, repair, node)
    cluster.stepRepair(node, run)
  }

  func blame(_ peer: PeerID, _ error: CodecError) {
    cluster.observe(.misbehaved(peer, code: error.code, explanation: error.explanation), at: node)
  }
}
