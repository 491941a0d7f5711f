internal import Primitives
internal import Replica

extension FuzzTarget {
  /// What validators send each other, and what the log contains of it.
  static func peerTargets(_ traffic: Traffic) -> [FuzzTarget] {
    let votes: [Vote] = traffic.messages { message in
      switch message {
      case .vote(let vote), .proposal(let vote, _): vote
      default: nil
      }
    }
    let certificates: [Certificate] = traffic.messages { message in
      if case .certificate(let certificate) = message { certificate } else { nil }
    }
    return [
      codec("peer-message", byteLimit: 8192, seeds: traffic.frames) { bytes in
        try PeerMessage(bytes)
      } encode: { message in
        message.encoded()
      },
      field("vote", byteLimit: 512, seeds: votes.map { vote in bytes { vote.encode(into: &$0) } }) {
        (reader) throws(CodecError) in
        try Vote(from: &reader)
      } encode: { vote, writer in
        vote.encode(into: &writer)
      },
      field("certificate", seeds: certificates.map { proof in bytes { proof.encode(into: &$0) } }) {
        (reader) throws(CodecError) in
        try Certificate(from: &reader)
      } encode: { certificate, writer in
        certificate.encode(into: &writer)
      },
      field("statement", byteLimit: 256, seeds: votes.map { vote in bytes { vote.statement.encode(into: &$0) } }) {
        (reader) throws(CodecError) in
        try Statement(from: &reader)
      } encode: { statement, writer in
        statement.encode(into: &writer)
      },
      codec("execution-record", seeds: traffic.payloads(.execution)) { bytes in
        try ExecutionRecord(payload: bytes)
      } encode: { execution in
        execution.encoded()
      },
    ]
  }
}
