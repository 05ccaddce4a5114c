<?php

declare(strict_types=1);

namespace Understudy\Laravel\Console;

use Illuminate\Database\DatabaseManager;
use Illuminate\Database\Eloquent\Builder as EloquentBuilder;
use Illuminate\Database\Eloquent\Model;
use Illuminate\Database\Query\Builder;
use Understudy\Client\CallOptions;
use Understudy\Client\ImportOptions;
use Understudy\Client\Understudy;
use Understudy\Laravel\Connections;
use Understudy\Laravel\Export\LabelledRows;

final class ExportCommand extends ClientCommand
{
    protected $signature = 'understudy:export
        {task : Slug of the task}
        {from : Class of an Eloquent model, or a table}
        {--text=body : Column or attribute with the text}
        {--label=status : Column or attribute with the label}
        {--id= : Unique, ordered column; becomes the external_id. Default: the key of the model, or id}
        {--subject= : Column or attribute with whom the text is about}
        {--occurred-at= : Column or attribute with the time; without a zone it is UTC}
        {--map=* : value=label; with it, other values are left out}
        {--scope=* : Name of a local scope of the model}
        {--where= : SQL condition}
        {--database= : Connection of config/database.php; default: the model\'s, or the default one}
        {--to= : Write NDJSON to this file instead of sending}
        {--page=2000 : Rows read at a time}
        {--gzip : Compress on the way}
        {--timeout=300 : Seconds that the server may take to store the rows}
        {--on-invalid=reject : reject: nothing is stored if any row is bad; skip}
        {--new-labels=reject : reject or add labels that the task lacks}
        {--connection= : Name of the connection; default: the default one}';

    protected $description = 'Sends rows of a model or table, with the labels that people gave them, as training examples';

    protected function callUnderstudy(Understudy $understudy, Connections $connections): int
    {
        $rows = new LabelledRows(
            $this->query(),
            $this->option('text'),
            $this->option('label'),
            $this->option('id'),
            $this->option('subject'),
            $this->option('occurred-at'),
            $this->labels(),
            (int) $this->option('page'),
        );
        $started = microtime(true);
        if ($this->option('to') !== null) {
            $this->write($rows, $this->option('to'));
            $status = self::SUCCESS;
        } else {
            $status = $this->imported($rows->import($understudy, $this->argument('task'), new ImportOptions(
                onInvalid: $this->option('on-invalid'),
                newLabels: $this->option('new-labels'),
                gzip: $this->option('gzip'),
                call: new CallOptions(timeout: (float) $this->option('timeout')),
            )));
        }
        $seconds = max(0.001, microtime(true) - $started);
        $this->line(sprintf(
            '%d rows read in %.1f s (%d a second); %d without text or label, %d with other labels were left out; peak memory %.0f MB',
            $rows->read,
            $seconds,
            $rows->read / $seconds,
            $rows->unlabelled,
            $rows->unmapped,
            memory_get_peak_usage(true) / 1048576,
        ));

        return $status;
    }

    /** @return EloquentBuilder<Model>|Builder */
    private function query(): EloquentBuilder|Builder
    {
        $from = $this->argument('from');
        $scopes = $this->option('scope');
        if (is_a($from, Model::class, true)) {
            $model = new $from();
            $query = $this->option('database') === null ? $model->newQuery() : $model->setConnection($this->option('database'))->newQuery();
            foreach ($scopes as $scope) {
                if (!$model->hasNamedScope($scope)) {
                    throw new \InvalidArgumentException(sprintf('%s has no scope "%s".', $from, $scope));
                }
            }
            $query = $scopes === [] ? $query : $query->scopes($scopes);
        } elseif (preg_match('/^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$/', $from) === 1 && $scopes === []) {
            $query = $this->laravel->make(DatabaseManager::class)->connection($this->option('database'))->table($from);
        } else {
            throw new \InvalidArgumentException(sprintf('"%s" is neither a model nor the name of a table%s.', $from, $scopes === [] ? '' : ', and only models have scopes'));
        }

        return $this->option('where') === null ? $query : $query->whereRaw('(' . $this->option('where') . ')');
    }

    private function write(LabelledRows $rows, string $file): void
    {
        $stream = @fopen($file, 'w') ?: throw new \InvalidArgumentException(sprintf('"%s" cannot be written.', $file));
        foreach ($rows->examples() as $example) {
            if (fwrite($stream, json_encode($example, \JSON_THROW_ON_ERROR | \JSON_UNESCAPED_UNICODE | \JSON_UNESCAPED_SLASHES | \JSON_INVALID_UTF8_SUBSTITUTE) . "\n") === false) {
                throw new \InvalidArgumentException(sprintf('"%s" cannot be written.', $file));
            }
        }
        fclose($stream);
    }

    /** @return array<string, string> */
    private function labels(): array
    {
        $map = [];
        foreach ($this->option('map') as $pair) {
            [$value, $label] = explode('=', $pair, 2) + [1 => ''];
            if ($value === '' || $label === '') {
                throw new \InvalidArgumentException(sprintf('--map is value=label, not "%s".', $pair));
            }
            $map[$value] = $label;
        }

        return $map;
    }
}
