<?php

declare(strict_types=1);

namespace Understudy\Laravel\Console;

use Symfony\Component\Console\Output\OutputInterface;
use Understudy\Client\Fallback;
use Understudy\Client\PredictOptions;
use Understudy\Client\Understudy;
use Understudy\Laravel\Connections;

final class PredictCommand extends ClientCommand
{
    protected $signature = 'understudy:predict
        {task : Slug of the task}
        {text? : The text; default: standard input}
        {--external-id= : Your id of the item}
        {--json : Print the answer as it came}
        {--connection= : Name of the connection; default: the default one}';

    protected $description = 'Decides one text';

    protected function callUnderstudy(Understudy $understudy, Connections $connections): int
    {
        $text = $this->argument('text') ?? stream_get_contents(\STDIN);
        $decision = $understudy->predict($this->argument('task'), (string) $text, new PredictOptions(externalId: $this->option('external-id'), fallback: Fallback::Throw));
        if ($this->option('json')) {
            $this->getOutput()->writeln(json_encode($decision, \JSON_THROW_ON_ERROR | \JSON_PRETTY_PRINT | \JSON_UNESCAPED_UNICODE | \JSON_UNESCAPED_SLASHES), OutputInterface::OUTPUT_RAW);

            return self::SUCCESS;
        }
        $this->facts([
            'Outcome' => $decision->outcome,
            'Label' => $decision->label ?? 'none: a person decides',
            'Suggestion' => $decision->suggestion?->label ?? '',
            'Reason' => $decision->review?->reason ?? '',
            'Confidence' => sprintf('%s of %s', $decision->confidence ?? '?', $decision->threshold ?? '?'),
            'Decided by' => $decision->decidedBy === null ? 'nobody' : sprintf('%s %s', $decision->decidedBy->model, $decision->decidedBy->version),
            'Decision' => $connections->link($decision, $this->option('connection')) ?? $decision->id,
        ]);

        return self::SUCCESS;
    }
}
