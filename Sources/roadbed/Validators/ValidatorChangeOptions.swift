import ArgumentParser
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// The options of every command that changes the set of validators, and what these commands have in common.
struct ValidatorChangeOptions: ParsableArguments {
  @OptionGroup var submission: SubmissionOptions
  @OptionGroup var confirmation: ConfirmationOptions

  @Option(
    help: ArgumentHelp(
      "Sign and send nothing: write the operations to this file, for `roadbed tx sign`, if several members must sign.",
      valueName: "file"))
  var draft: String?

  /// Prepares the change with what the nodes say, and refuses it if too few validators would run; then signs and submits
  /// it, and waits until the epoch that it begins is open.
  /// - Parameter source: where a new node is reached, which is asked like the others; nil if there is none.
  func run(
    source: String? = nil, _ prepare: (NodeSurvey, ValidatorsView, ChainContext) async throws -> ValidatorChange
  ) async throws {
    try await submission.nodes.withClient { client in
      let chain = try await submission.chain(client)
      let survey = try await NodeSurvey(
        try submission.nodes.urls(), candidate: source.flatMap { OfferedKey.isURL($0) ? $0 : nil })
      try survey.require(chain)
      let change = try await prepare(survey, try survey.newest.validators, chain)
      try change.requireQuorum(survey)
      if let draft { return try write(change, to: draft) }
      var waiting = submission
      waiting.wait = true
      guard !waiting.keys.key.isEmpty else { throw CommandError.noKey }
      try confirmation.confirm(change.plan, json: waiting.output.json)
      let transaction = try TransactionBuilder(chain: chain).draft(
        change.operations, validUntil: waiting.time.end, nonce: waiting.time.nonce)
      try await Submission(try waiting.sign(transaction), waiting, isRepeatable: false).run(client) { height in
        let opening = EpochOpening(height, waiting)
        let epoch = try await opening.wait(client)
        var text = change.done(epoch)
        if let name = change.offer?.proof.validator, !(await opening.shows(name, at: survey.url(of: name), epoch)) {
          text += "; that it votes was not seen: ask the node itself, `roadbed query status`"
        }
        return Submission.Sequel(epoch: epoch, text: text)
      }
    }
  }

  private struct Drafted: Encodable {
    var draft: String
    var operations: Int
  }

  private func write(_ change: ValidatorChange, to file: String) throws {
    let list = RenderedOperation.list(change.operations) { _ in nil }.map(\.json)
    try TextFile.write(JSONWriter.pretty(.object(["operations": .array(list)])), to: file)
    for line in change.plan { Console.remark(line) }
    guard !submission.output.json else {
      return try Console.printJSON(Drafted(draft: file, operations: change.operations.count))
    }
    Console.print("wrote \(file); nothing was signed")
    Console.next(
      submission.nodes.command("tx sign \(Paths.quoted(file)) --key MEMBER=PATH -o signed.json")
        + ", each next signer with the file of the one before; then roadbed tx submit signed.json --wait")
  }
}
