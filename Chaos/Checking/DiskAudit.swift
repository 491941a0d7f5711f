import Foundation
import LedgerJSON

/// The audit of a node's directory by `roadbed audit`.
enum DiskAudit {
  /// What the audit says of a directory in which it found no fault. The node must not be running.
  static func answer(of node: ChaosNode, roadbed: String) async throws -> AuditAnswer {
    let result = try await Shell.run([roadbed, "audit", node.directory, "--json"], seconds: 1200)
    guard let answer = try? AnswerCoding.decode(AuditAnswer.self, from: Data(result.output.utf8)) else {
      throw ChaosError.broken(.audit, "the audit of \(node.name) failed: \(result.output.prefix(500))")
    }
    if let fault = answer.firstFault {
      throw ChaosError.broken(.audit, "the audit of \(node.name) found [\(fault.code)] \(fault.message)")
    }
    return answer
  }
}
