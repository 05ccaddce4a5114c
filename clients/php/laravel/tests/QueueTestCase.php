<?php

declare(strict_types=1);

namespace Understudy\Laravel\Tests;

use Illuminate\Database\Schema\Blueprint;
use Illuminate\Queue\Console\WorkCommand;
use Understudy\Client\Exception\ConnectionFailed;
use Understudy\Client\Testing\FakeUnderstudy;
use Understudy\Laravel\Facades\Understudy;

/** With a real queue: Laravel's database driver on SQLite, and its worker. */
abstract class QueueTestCase extends LaravelTestCase
{
    protected FakeUnderstudy $understudy;

    protected function setUp(): void
    {
        parent::setUp();
        // Laravel 13's worker listens to failures once a process; each test is an application of its own.
        if (property_exists(WorkCommand::class, 'hasRegisteredListeners')) {
            (new \ReflectionProperty(WorkCommand::class, 'hasRegisteredListeners'))->setValue(null, false);
        }
        $schema = $this->app->make('db')->connection()->getSchemaBuilder();
        $schema->create('jobs', static function (Blueprint $table): void {
            $table->bigIncrements('id');
            $table->string('queue')->index();
            $table->longText('payload');
            $table->unsignedTinyInteger('attempts');
            $table->unsignedInteger('reserved_at')->nullable();
            $table->unsignedInteger('available_at');
            $table->unsignedInteger('created_at');
        });
        $schema->create('failed_jobs', static function (Blueprint $table): void {
            $table->id();
            $table->string('uuid')->unique();
            $table->text('connection');
            $table->text('queue');
            $table->longText('payload');
            $table->longText('exception');
            $table->timestamp('failed_at')->useCurrent();
        });
        $schema->create('job_batches', static function (Blueprint $table): void {
            $table->string('id')->primary();
            $table->string('name');
            $table->integer('total_jobs');
            $table->integer('pending_jobs');
            $table->integer('failed_jobs');
            $table->text('failed_job_ids');
            $table->mediumText('options')->nullable();
            $table->integer('cancelled_at')->nullable();
            $table->integer('created_at');
            $table->integer('finished_at')->nullable();
        });
        $this->understudy = Understudy::fake();
    }

    /** Works off what is due; what waits is due as well when $now. */
    protected function work(bool $now = false): void
    {
        if ($now) {
            $this->app->make('db')->table('jobs')->update(['available_at' => time() - 1]);
        }
        $this->artisan('queue:work', ['--stop-when-empty' => true, '--sleep' => 0]);
    }

    protected function isAway(): ConnectionFailed
    {
        return ConnectionFailed::local('connection_failed', 'away');
    }

    protected function rows(string $table): int
    {
        return $this->app->make('db')->table($table)->count();
    }
}
