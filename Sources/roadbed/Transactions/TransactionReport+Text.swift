import Ledger
import LedgerJSON
import Primitives

extension TransactionReport {
  /// Prints the report for people.
  func print(file: String, nodes: NodeOptions) {
    var sheet = Sheet()
    sheet.add("transaction", id.map { "\($0)" } ?? "none yet: the first signature fixes its id and its end")
    sheet.add("chain", "\(chain.name), genesis \(chain.genesis)")
    sheet.add("valid until", ifPresent: validity)
    sheet.print()
    printOperations()
    printSignatures()
    guard let required, let outcome, let height, let time else {
      return Console.print("who must sign, and what it would do, only a node can say")
    }
    Console.print("must sign, as of block \(height):")
    for group in required { Console.print("  \(text(group))") }
    if required.isEmpty { Console.print("  nobody, as far as the node knows") }
    Console.print("now: " + (refusal.map { "would be refused [\($0.code)]: \($0.message)" } ?? "would be accepted"))
    guard refusal?.code != AdmissionFault.alreadyApplied(.zero).code else { return }
    let condition = refusal == nil ? "in a block" : complete == true ? "without that reason" : "when all have signed"
    Console.print("\(condition), at \(time.iso8601): \(OutcomeText.of(outcome))")
    printNext(file, nodes)
  }

  private func printOperations() {
    Console.print("operations:")
    let width = "\(operations.count - 1)".count
    for (index, operation) in operations.enumerated() {
      Console.print("  \("\(index)".padded(to: width))  \(operation.line)")
      var details = Sheet()
      for (label, value) in operation.operation.described.details { details.add(label, value) }
      details.print(indent: width + 6)
    }
  }

  private func printSignatures() {
    Console.print(signatures.isEmpty ? "signatures: none" : "signatures:")
    for signature in signatures {
      let state =
        if !signature.valid {
          Console.styled("INVALID", .red)
        } else if let error = signature.error {
          Console.styled("does not count", .red) + " [\(error.code)]: \(error.message)"
        } else {
          Console.styled("valid", .green)
        }
      Console.print("  \(signature.member) \(signature.key): \(state)")
    }
    for validator in badKeyProofs ?? [] {
      Console.print("  the proof of the new vote key of \(validator): " + Console.styled("INVALID", .red))
    }
  }

  private func text(_ group: RequiredSignaturesView) -> String {
    let parties = group.parties.map(text).joined(separator: ", or ")
    let state = group.signed ? Console.styled("signed", .green) : Console.styled("MISSING", .yellow)
    return "\(parties): \(state) (operation\(group.operations.count == 1 ? "" : "s") \(Self.ranges(group.operations)))"
  }

  private func text(_ party: SigningPartyView) -> String {
    guard let name = party.member else {
      let signers = (party.signers ?? []).compactMap { signer in
        signer.member.map { "\($0) \(Self.keys(signer))" }
      }
      let list = signers.isEmpty ? "" : " (\(signers.joined(separator: ", ")))"
      return "administrators \(party.signed) of \(party.threshold ?? 0)\(list)"
    }
    return "\(name) \(Self.keys(party))"
  }

  private static func keys(_ member: SigningPartyView) -> String {
    guard let threshold = member.threshold else { return "(no such member)" }
    return "\(member.signed) of \(threshold) keys" + (member.suspended == true ? " (suspended)" : "")
  }

  /// Ascending numbers, where three or more in a row are written as a range.
  private static func ranges(_ numbers: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = ranges.last, last.upperBound + 1 == number {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
    return ranges.map { range in
      range.count > 2 ? "\(range.lowerBound)-\(range.upperBound)" : range.map(String.init).joined(separator: ", ")
    }.joined(separator: ", ")
  }

  private func printNext(_ file: String, _ nodes: NodeOptions) {
    let path = Paths.quoted(file)
    if signatures.contains(where: { $0.valid && $0.error != nil }) {
      Console.next("take the signatures that do not count out of \(path), and have it signed with current keys")
    } else if complete == false, expired != true {
      let sign = nodes.command("tx sign \(path) --key MEMBER=PATH -o signed.json")
      Console.next("\(sign), with the keys of those who are missing")
    } else if let refusal {
      Console.next(refusal.nextStep)
    } else if let outcome, !outcome.applied {
      Console.next("see to it that it would be applied, and show it again before you submit it")
    } else {
      Console.next(nodes.command("tx submit \(path) --wait"))
    }
  }
}
