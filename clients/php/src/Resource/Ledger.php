<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\LedgerConsistency;
use Understudy\Client\Data\LedgerHead;
use Understudy\Client\Data\LedgerProof;
use Understudy\Client\Data\VerifyLine;
use Understudy\Client\Data\VerifyLineReport;
use Understudy\Client\Download;
use Understudy\Client\Exception\ConnectionFailed;
use Understudy\Client\Exception\MalformedAnswer;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;
use Understudy\Client\Internal\Read;

/** The log that nobody can change unseen. */
final class Ledger extends Resource
{
    /**
     * Size and root of the workspace's log as it is now.
     *
     * @throws UnderstudyException
     */
    public function head(?CallOptions $options = null): LedgerHead
    {
        return $this->one(new Call('ledger.head', 'GET', '/v1/ledger/head', $options), LedgerHead::fromArray(...));
    }

    /**
     * That a decision stands in the log.
     *
     * @throws UnderstudyException
     */
    public function proof(string $decision, ?CallOptions $options = null): LedgerProof
    {
        return $this->one(
            new Call('ledger.proof', 'GET', '/v1/ledger/proof', $options, query: ['decision' => $decision]),
            LedgerProof::fromArray(...),
        );
    }

    /**
     * That the log of one size continues that of a smaller one.
     *
     * @throws UnderstudyException
     */
    public function consistency(int $from, ?int $to = null, ?CallOptions $options = null): LedgerConsistency
    {
        $query = ['from' => $from, 'to' => $to];

        return $this->one(
            new Call('ledger.consistency', 'GET', '/v1/ledger/consistency', $options, query: $query),
            LedgerConsistency::fromArray(...),
        );
    }

    /**
     * The whole log as NDJSON.
     *
     * @throws UnderstudyException
     */
    public function export(?CallOptions $options = null): Download
    {
        return $this->streamed(new Call(
            'ledger.export',
            'GET',
            '/v1/ledger/export',
            $options,
            accept: 'application/x-ndjson',
            total: INF,
            stream: true,
        ));
    }

    /**
     * The server recomputes the whole log.
     *
     * @param array{size: int, head: string}|null $trusted  a head that you kept: the log must continue it
     * @param (\Closure(int, int): mixed)|null     $progress is told what is done and the total
     *
     * @throws UnderstudyException
     */
    public function verify(
        ?array $trusted = null,
        ?\Closure $progress = null,
        ?CallOptions $options = null,
    ): VerifyLineReport {
        $lines = $this->streamed(new Call(
            'ledger.verify',
            'GET',
            '/v1/ledger/verify',
            $options,
            query: ['trusted' => $trusted === null ? null : $trusted['size'] . ':' . $trusted['head']],
            accept: 'application/x-ndjson',
            timeout: self::LONGEST_SILENCE,
            total: INF,
            stream: true,
        ))->lines();
        foreach ($lines as $text) {
            $data = json_decode($text, true);
            if (!\is_array($data)) {
                throw MalformedAnswer::local('unexpected_answer', 'a line of the verification is no JSON', null, 200);
            }
            $line = VerifyLine::fromArray(Read::object($data));
            if ($line->progress !== null && $progress !== null) {
                $progress($line->progress->done, $line->progress->total);
            }
            if ($line->report !== null) {
                return $line->report;
            }
        }

        throw ConnectionFailed::local('connection_failed', 'the verification broke off before its report');
    }
}
