import Ledger
import Primitives

extension CertificateLayout {
  var confirmation: [Block] {
    let signed = facts.receipt.certificate.signers.count
    var blocks: [Block] = [
      paragraph(.votes(signed: signed, validators: facts.votes.count, quorum: facts.quorum.size)),
      .table(
        head: head(.organisation, .description, .validators, .signed, .quorumShare),
        rows: facts.organisations.map { votes in
          [
            "\(value: votes.member)", description(of: votes.member), "\(value: votes.validators)",
            "\(value: votes.signed)", words.share(votes.signed, ofQuorum: facts.quorum.size),
          ]
        }),
      .table(
        head: head(.number, .validator, .organisation, .vote, .voteKey),
        rows: facts.votes.enumerated().map { index, vote in
          [
            "\(value: index)", "\(value: vote.validator.name)", "\(value: vote.validator.member)",
            words.vote(isSigned: vote.isSigner), "\(code: vote.validator.voteKey)",
          ]
        }),
      remark(.exactQuorum),
    ]
    if !facts.receipt.descendants.isEmpty {
      blocks.append(
        remark(.confirmedAbove(height: facts.certifiedHeight, blocks: facts.receipt.descendants.count)))
    }
    return blocks
  }

  var epochs: [Block] {
    guard !facts.passed.isEmpty else { return [paragraph(.firstEpoch)] }
    var blocks: [Block] = [paragraph(.epochs)]
    if !facts.proved.isBelowCheckpoint, let checkpoint = facts.checkpoint {
      blocks.append(paragraph(.checkpointUsed(checkpoint, unusedClosings: facts.unusedClosings)))
    }
    let listed = facts.passed.suffix(CertificateFacts.closingLimit)
    blocks.append(
      .items(
        zip((facts.passed.count - listed.count + 1)..., listed).map { number, passed in
          CertificatePage.Item(
            number: number,
            text: words.remark(
              .passed(epoch: passed.epoch, height: passed.height, signatures: passed.signatures)),
            facts: [
              fact(.result, passed.result),
              fact(.nextValidators, words.list(passed.next.map { "\(value: $0.name) (\(value: $0.member))" })),
            ])
        }))
    if listed.count < facts.passed.count {
      blocks.append(remark(.listedEpochs(limit: listed.count, count: facts.passed.count)))
    }
    return blocks
  }
}
